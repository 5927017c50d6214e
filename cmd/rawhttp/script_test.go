package main

import (
	"flag"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts in testdata/script run the program as a user does; each is a page
// of the manual. What they can say besides testscript's own words:
//
//	exits STATUS PROGRAM ARG...       like exec, with the exit status that is wanted
//	start [-as NAME] [-ready RE] PROGRAM ARG... [<FILE | <pipe]
//	                                  runs it in the background once RE was seen (rawhttp: "listening on");
//	                                  a group in RE is a port, put in $PORT and $ADDR
//	await [-of NAME] RE               waits for it in what was started
//	feed [-of NAME] FILE, hang-up     write to its <pipe, and close it
//	interrupt [-of NAME]              Ctrl-C
//	finish [-of NAME] [STATUS]        waits for its end; stdout and stderr are then its own
//	neutral                           takes ports, durations and dates out of stdout and stderr
//	bytes FILE...                     a FILE written with \r\n escapes becomes the bytes it means
//	server [-tls KIND] [-unix PATH] FILE, client FILE [&]
//	                                  a peer that does what FILE says (script_peers_test.go); $SERVER, $PORT
//	received FILE WANT                what the peer of FILE got, when it is done
//	sni FILE NAME                     the name that a TLS client asked the peer of FILE for
//	goserver [-tls KIND]              Go's net/http; $SERVER, $PORT
//	json [-sent FILE] [-received FILE] FILE
//	                                  FILE is valid --format json, and its bytes joined are those FILEs'
//
// and the conditions [peer:PROGRAM], [ip6] and [root].
func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "../../testdata/script",
		Setup:               setUpScript,
		Condition:           scriptCondition,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": cmdExits, "start": cmdStart, "await": cmdAwait, "feed": cmdFeed, "hang-up": cmdHangUp,
			"interrupt": cmdInterrupt, "finish": cmdFinish, "neutral": cmdNeutral, "bytes": cmdBytes,
			"server": cmdServer, "client": cmdClient, "received": cmdReceived, "sni": cmdSNI, "goserver": cmdGoServer,
			"json": cmdJSON,
		},
	})
}

var update = flag.Bool("update-scripts", false, "write what the program shows into the scripts; read the difference before it is kept")

// TestMain lets a script run this very program, whose test binary it is.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"rawhttp": func() {
		w := systemWorld()
		// Whether the tests run in a container must not show.
		w.container = func() bool { return os.Getenv(containerVariable) != "" }
		os.Exit(run(os.Args[1:], w))
	}})
}

const containerVariable = "SCRIPT_IN_CONTAINER"

// stage is what one script has running.
type stage struct {
	vars      []string // the environment it began with
	processes map[string]*process
	players   map[string]*player
	ports     []string // of the peers and listeners, in the order of their start
}

type stageKey struct{}

func stageOf(ts *testscript.TestScript) *stage { return ts.Value(stageKey{}).(*stage) }

// setUpScript makes an environment in which nothing of the machine's shows:
// testscript itself passes on little more than PATH.
func setUpScript(env *testscript.Env) error {
	env.Setenv("HOME", env.WorkDir)
	if env.Getenv("GORACE") == "" {
		env.Setenv("GORACE", "atexit_sleep_ms=0") // a program under the race detector would take a second to end
	}
	env.Setenv("PYTHON3", python3())
	env.Values[stageKey{}] = &stage{vars: env.Vars, processes: map[string]*process{}, players: map[string]*player{}}
	return nil
}

// python3 is the interpreter itself: a version manager's wrapper would look for
// its files in HOME.
var python3 = sync.OnceValue(func() string {
	out, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
})

func scriptCondition(condition string) (bool, error) {
	if name, ok := strings.CutPrefix(condition, "peer:"); ok {
		return hasPeer(name), nil
	}
	if condition == "root" {
		return os.Geteuid() == 0, nil
	}
	l, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		return false, nil
	}
	return condition == "ip6", l.Close()
}

func hasPeer(name string) bool {
	switch name {
	case "python3":
		return python3() != ""
	case "nc": // several programs have this name; the scripts use OpenBSD's flags
		help, _ := exec.Command("nc", "-h").CombinedOutput()
		return strings.Contains(string(help), "OpenBSD")
	}
	_, err := exec.LookPath(name)
	return err == nil
}
