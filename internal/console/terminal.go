package console

import (
	"os"
	"runtime"
	"strings"

	"golang.org/x/term"
)

// IsTerminal reports whether f is a terminal.
func IsTerminal(f *os.File) bool { return f != nil && term.IsTerminal(int(f.Fd())) }

// Width returns how many columns the terminal f has, and 80 when it does not
// say.
func Width(f *os.File) int {
	if columns, _, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 {
		return columns
	}
	return 80
}

// Discard throws away what was typed at the terminal f and not read, so that
// nothing meant for the peer runs in the shell. In the background it does nothing:
// the keys are another program's, and touching them would stop this one.
func Discard(f *os.File) {
	if !Background(f) {
		discard(int(f.Fd()))
	}
}

// Background reports whether f is a terminal whose input belongs to another
// process group: reading it would stop this program.
func Background(f *os.File) bool { return background(int(f.Fd())) }

// ASCIIOnly reports whether the locale in the environment names a character set
// other than UTF-8. One that names none is taken for UTF-8.
func ASCIIOnly(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := getenv(name); locale != "" {
			_, charset, named := strings.Cut(locale, ".")
			charset, _, _ = strings.Cut(charset, "@")
			charset = strings.ReplaceAll(strings.ToLower(charset), "-", "")
			return named && charset != "utf8"
		}
	}
	return false
}

// EndKey names the keys that end the input at a terminal: in the editor, or in the
// system's own line editing.
func EndKey(editor bool) string {
	if runtime.GOOS == "windows" && !editor {
		return "Ctrl-Z and Enter"
	}
	return "Ctrl-D"
}
