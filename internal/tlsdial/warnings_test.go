package tlsdial

import (
	"reflect"
	"testing"
	"time"
)

func TestWarnings(t *testing.T) {
	const day = 24 * time.Hour
	chain := func(own, above time.Duration, bits int) []Certificate {
		return []Certificate{{Name: "localhost", NotAfter: now.Add(own), rsaBits: bits}, {Name: "Sub", NotAfter: now.Add(above)}}
	}
	for _, c := range []struct {
		title   string
		summary Summary
		want    []string
	}{
		{"15 days", Summary{Chain: chain(14*day+time.Second, 100*day, 2048)}, nil},
		{"14 days", Summary{Chain: chain(14*day, 100*day, 0)}, []string{"the certificate ends in 14 days, 2026-03-15 12:00:00 UTC, and has to be renewed by then"}},
		{"above", Summary{Chain: chain(20*day, 3*time.Hour, 0)}, []string{"the certificate of Sub, which it depends on, ends in 3 hours, 2026-03-01 15:00:00 UTC, and has to be renewed by then"}},
		{"expired", Summary{Chain: chain(-day, 100*day, 0)}, nil}, // with --insecure; the certificate's line says it
		{"weak", Summary{Chain: chain(20*day, 100*day, 1024)}, []string{"the RSA key of the certificate is weak: it has 1024 bits, browsers and OpenSSL want 2048"}},
		{"insecure", Summary{Chain: chain(day, day, 1024), faults: []fault{{"is a\x1b", "x"}, {"was b", ""}}},
			[]string{`without --insecure it is refused: the certificate is a\x1b; it also was b`}},
	} {
		c.summary.At = now
		if got := c.summary.Warnings(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %q, want %q", c.title, got, c.want)
		}
	}
}

// With --insecure it is said what verification would have found, and nothing if
// that is nothing.
func TestInsecureSaysWhy(t *testing.T) {
	ca := newAuthority(t, "Root")
	old := leaf()
	old.NotAfter = now.AddDate(0, 0, -3)
	for _, c := range []struct {
		host  string
		files []string
		want  []string
	}{
		{"localhost", []string{ca.file(t)}, []string{"without --insecure it is refused: the certificate expired 2026-02-26 12:00:00 UTC (3 days ago)"}},
		{"", []string{ca.file(t)}, []string{"without --insecure it is refused: the certificate expired 2026-02-26 12:00:00 UTC (3 days ago)"}},
		{"other.test", []string{newAuthority(t, "Other").file(t)}, []string{"without --insecure it is refused: the certificate expired 2026-02-26 12:00:00 UTC (3 days ago); " +
			"it also is for localhost, not for the name other.test; it also was issued by Root (Test Trust), an authority that is not in the --cacert file, and the issuer's certificate was not sent"}},
	} {
		s, err := handshake(t, Options{Insecure: true, CAFiles: c.files}, c.host, ca.issue(t, old))
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Warnings(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q: %q, want %q", c.host, got, c.want)
		}
	}
	s, err := handshake(t, Options{Insecure: true, CAFiles: []string{ca.file(t)}}, "localhost", ca.issue(t, leaf()))
	if err != nil || len(s.Warnings()) != 0 {
		t.Errorf("a good certificate: %v, %q", err, s.Warnings())
	}
}

// TestVersionNote: only what --tls-min has to allow is called retired.
func TestVersionNote(t *testing.T) {
	for version, want := range map[string]bool{"TLS 1.0": true, "TLS 1.1": true, "TLS 1.2": false, "TLS 1.3": false} {
		if said := (&Summary{Version: version}).VersionNote(); (said != "") != want {
			t.Errorf("%s: %q", version, said)
		}
	}
}
