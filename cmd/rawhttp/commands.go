package main

import (
	"cmp"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

const rootHelp = `rawhttp sees and speaks HTTP by hand: every byte, both directions.

Begin here:
  rawhttp demo                          watch a request and its response

Then, in two terminals:
  rawhttp listen 8080                   be the server: type or pipe the answer
  curl -v http://localhost:8080/hello   be its client

  rawhttp serve 8080                    a server by itself, every byte shown
  rawhttp send localhost:8080           be the client of any server
  rawhttp send example.com:80 req.txt   send a request from a file
  rawhttp tls-send example.com:443      the same in TLS, certificate verified
  rawhttp inspect req.txt               what is wrong with these bytes?

  > sent   < received   * note   ! what is wrong   (bytes a row, line ends)

More: rawhttp listen --help; and so for serve, send, tls-send, inspect, demo
`

// rootCommand is the command line that args are to be read with.
func (p *program) rootCommand(args []string) *cobra.Command {
	root := &cobra.Command{
		Use:           "rawhttp",
		Short:         "see and speak HTTP by hand",
		Long:          rootHelp,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          unknownCommand,
	}
	// cobra's own flag of this name wants the version beforehand, which takes as long as all of send's flags.
	asked := root.Flags().BoolP("version", "v", false, "print the version")
	root.RunE = func(cmd *cobra.Command, _ []string) error {
		text := rootHelp
		if *asked {
			text = "rawhttp version " + version() + "\n"
		}
		fmt.Fprint(cmd.OutOrStdout(), text)
		return nil
	}
	root.PersistentPreRun = func(cmd *cobra.Command, _ []string) {
		if name := cmd.Name(); name != "send" && name != "tls-send" { // they connect meanwhile
			p.catching.Wait()
		}
	}
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { fmt.Fprint(cmd.OutOrStdout(), helpOf(cmd)) })
	root.SetHelpCommand(&cobra.Command{Use: "help", Hidden: true, RunE: func(_ *cobra.Command, args []string) error {
		cmd, _, err := root.Find(args)
		if err != nil {
			return usagef("the commands are demo, listen, serve, send, tls-send and inspect", "%q is no command", strings.Join(args, " "))
		}
		return cmd.Help()
	}})
	root.SuggestionsMinimumDistance = 2
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		problem := strings.TrimSpace(err.Error())
		if name, found := strings.CutPrefix(problem, "unknown flag: "); found && cmd.Name() == "listen" && isTLSFlag(name) {
			return usagef("that is a flag of tls-send, the client; those of a TLS server: rawhttp listen --help", "%s", problem)
		}
		return usagef("", "%s", problem)
	})
	root.AddCommand(p.commands(args)...)
	return root
}

// commands are all of them, or the one that args begin with: building the others
// and their flags takes 2 to 4 % of a whole exchange.
func (p *program) commands(args []string) []*cobra.Command {
	builders := []struct {
		name  string
		build func() *cobra.Command
	}{
		{"demo", p.demoCommand}, {"listen", p.listenCommand}, {"serve", p.serveCommand},
		{"send", p.sendCommand}, {"tls-send", p.tlsSendCommand}, {"inspect", p.inspectCommand},
	}
	for _, b := range builders {
		if len(args) > 0 && args[0] == b.name {
			return []*cobra.Command{b.build()}
		}
	}
	var all []*cobra.Command
	for _, b := range builders {
		all = append(all, b.build())
	}
	return all
}

// unknownCommand refuses a first word that is no command; a near miss gets the
// command line that was meant.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	problem := fmt.Sprintf("%q is no command", args[0])
	near := cmd.SuggestionsFor(args[0])
	away := func(name string) int { return distance(strings.ToLower(args[0]), name) }
	slices.SortStableFunc(near, func(a, b string) int { return cmp.Compare(away(a), away(b)) })
	if len(near) == 1 || len(near) > 1 && away(near[0]) < away(near[1]) {
		near = near[:1]
		return &usageError{problem, "did you mean: rawhttp " + strings.Join(append(near, args[1:]...), " "), true}
	}
	return usagef("the commands are demo, listen, serve, send, tls-send and inspect", "%s", problem)
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown)"
}

// keysHelp is what the screen does not show by itself.
const keysHelp = `
Keys: TAB completes, the up arrow brings lines back, Ctrl-D ends the input
(behind text it sends that without a line end), Ctrl-C ends at once.
`

func (p *program) listenCommand() *cobra.Command {
	o := &listenOptions{place: place{command: "listen"}}
	cmd := &cobra.Command{
		Use:   "listen ADDR [FILE...]",
		Short: "accept a connection, show it, answer by hand, from a pipe or from files",
		Long: `rawhttp listen ADDR [FILE...]

Accept a connection, show every byte of it, and answer: type lines and end with
Ctrl-D, pipe one answer (it is held until the request is complete), or give
FILEs or --reply, which answer each complete request (with -k on several
connections at once).

ADDR is 8080 or localhost:8080 (this machine only), :8080 (everybody),
192.0.2.1:8080, 0 (a free port) or unix:/path.sock.
` + keysHelp + `
Example:
  printf 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi\n' | rawhttp listen 8080
  rawhttp listen -k 8080 --reply 404 --reply-body 'not here'
  rawhttp listen --tls 8443
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.listsFaults() {
				return listFaults(p)
			}
			if err := o.check(p, args); err != nil {
				return err
			}
			if o.fault != nil {
				return o.playFault(cmd.Context(), p)
			}
			return o.run(cmd.Context(), p)
		},
	}
	o.register(cmd)
	return cmd
}

func (p *program) sendCommand() *cobra.Command {
	o := &clientOptions{command: "send"}
	cmd := &cobra.Command{
		Use:   "send ADDR [FILE...]",
		Short: "connect, send what is typed, piped or in files, show the answer",
		Long: `rawhttp send ADDR [FILE...]

Connect, send what is typed, piped or in FILEs (- among them is standard
input), show every byte, and end when every request has its complete response.

ADDR is HOST:PORT, HOST PORT, HOST (port 80), [::1]:8080 or unix:/path.sock.
` + keysHelp + `
Example:
  printf 'GET / HTTP/1.1\r\nHost: example.com\r\n\r\n' | rawhttp send example.com:80
`,
		RunE: func(cmd *cobra.Command, args []string) error { return p.client(cmd, o, args) },
	}
	o.register(cmd)
	return cmd
}

func (p *program) tlsSendCommand() *cobra.Command {
	o := &clientOptions{command: "tls-send", tls: &tlsOptions{}}
	cmd := &cobra.Command{
		Use:   "tls-send ADDR [FILE...]",
		Short: "the same in TLS, certificate verified",
		Long: `rawhttp tls-send ADDR [FILE...]

As send, in TLS: the certificate is verified against the system's authorities
and the name before a byte is sent.

ADDR is HOST:PORT, HOST PORT, HOST (port 443), [::1]:8443 or unix:/path.sock.
` + keysHelp + `
Example:
  printf 'GET / HTTP/1.1\r\nHost: example.com\r\n\r\n' | rawhttp tls-send example.com:443
`,
		RunE: func(cmd *cobra.Command, args []string) error { return p.client(cmd, o, args) },
	}
	o.register(cmd)
	o.tls.register(cmd.Flags())
	return cmd
}

func (p *program) client(cmd *cobra.Command, o *clientOptions, args []string) error {
	if err := o.check(p, args); err != nil {
		return err
	}
	return o.run(cmd.Context(), p)
}
