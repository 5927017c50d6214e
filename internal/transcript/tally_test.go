package transcript

import (
	"strings"
	"testing"

	"rawhttp/internal/http1"
)

// TestThreshold: what is below it is neither shown nor counted in notes, and
// counted all the same in what was found.
func TestThreshold(t *testing.T) {
	for threshold, want := range map[Threshold]string{
		ShowNotes: "header-value-empty bare-lf host-missing times", ShowWarnings: "bare-lf host-missing times",
		ShowErrors: "host-missing", ShowNone: "",
	} {
		var c *Conversation
		got := show(Options{Diagnostics: threshold}, http1.Request, func(began *Conversation) {
			c = began
			c.Sent([]byte("GET / HTTP/1.1\nA:\n"))
			find(c, http1.Diagnostic{Code: http1.HeaderValueEmpty, Offset: 15, Length: 2, Message: 1})
			c.Sent([]byte("\n"))
		})
		for _, word := range []string{"header-value-empty", "bare-lf", "host-missing", "times"} {
			if strings.Contains(got, word) != strings.Contains(want, word) {
				t.Errorf("%d: %s in\n%s", threshold, word, got)
			}
		}
		found := c.Found()
		if found.Of(http1.Warning) != 3 || found.Of(http1.Error) != 1 || found.Of(http1.Note) < 1 {
			t.Errorf("found %v", found)
		}
		if found.Wrong() != "1 error, 3 warnings (host-missing, bare-lf 3 times)" {
			t.Error(found.Wrong())
		}
		if n := c.screen.Found().Of(http1.Warning); n != 3 {
			t.Errorf("%d on the screen", n)
		}
	}
	if (Tally{http1.HeaderValueEmpty: 2}).Wrong() != "" {
		t.Error("a note is nothing wrong")
	}
}
