package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"sync"

	"github.com/spf13/pflag"

	"rawhttp/internal/transcript"
)

const keyLogVariable = "SSLKEYLOGFILE"

// registerKeyLog makes the flag that names the file.
func registerKeyLog(set *pflag.FlagSet, name *string) {
	set.StringVar(name, "keylog", "", "append the session's keys to `FILE`, for Wireshark (default: the variable SSLKEYLOGFILE)")
}

// keyLogFile is where the keys go: the flag, then the environment.
func (p *program) keyLogFile(set *pflag.FlagSet) writtenFile {
	switch {
	case set.Changed("keylog"):
		return writtenFile{"--keylog", set.Lookup("keylog").Value.String()}
	case p.getenv(keyLogVariable) != "":
		return writtenFile{keyLogVariable, p.getenv(keyLogVariable)}
	}
	return writtenFile{}
}

var errOthersMayRead = errors.New("others can read it")

// othersMayRead reports whether keys in a file would be anybody's. Windows does
// not say so in a file's mode.
func othersMayRead(info fs.FileInfo) bool {
	return info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows"
}

// checkKeyLog refuses to write what is to be read for TLS, and to put keys where
// they could be seen.
func checkKeyLog(f *conversationFlags, read ...string) error {
	w := f.keyLog
	info, err := os.Stat(w.name)
	there := w.name != "" && w.name != os.DevNull && err == nil
	if there && !info.Mode().IsRegular() {
		return usagef("give a file that keeps them: they must not be shown", "%s %s is no regular file", w.flag, w.name)
	}
	if err := f.wouldOverwriteTLS(read...); err != nil {
		return err
	}
	if there && othersMayRead(info) {
		hint := "chmod 600 " + quote(w.name) + " makes it yours alone"
		if w.flag == keyLogVariable {
			hint += "; unset " + keyLogVariable + " goes without keys"
		}
		return usagef(hint, "%s %s: others can read it, and the session's keys would be in it", w.flag, w.name)
	}
	return nil
}

// keyLog appends the keys of sessions to a file, which is made for its owner alone,
// when the first key comes; no key is written to one that others can read. The first
// error is kept. nil is nobody who wants them.
type keyLog struct {
	writtenFile
	whose string // "this session's"
	mu    sync.Mutex
	file  *os.File
	err   error
	kept  bool // a key was written
	told  bool
}

// newKeyLog gives nil where no file is named.
func newKeyLog(w writtenFile, whose string) *keyLog {
	if w.name == "" {
		return nil
	}
	return &keyLog{writtenFile: w, whose: whose}
}

// Write implements io.Writer.
func (k *keyLog) Write(p []byte) (n int, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err == nil && k.file == nil {
		k.file, k.err = os.OpenFile(k.name, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
		if info, err := k.file.Stat(); k.err == nil && err == nil && othersMayRead(info) {
			k.err = errOthersMayRead // which it was not when the command line was checked
		}
	}
	if k.err == nil {
		n, k.err = k.file.Write(p)
		k.kept = k.kept || n > 0
	}
	return n, k.err
}

// failure is what went wrong with the file; nil is nothing.
func (k *keyLog) failure() error {
	if k == nil {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err == nil {
		return nil
	}
	return failed(fmt.Sprintf("cannot write %s %s: %s", k.flag, k.name, plainFileError(k.err)), k.err)
}

// warn says once, also on a quiet screen, that the keys are in the file.
func (k *keyLog) warn(screen *transcript.Screen) error {
	if k == nil {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.kept || k.told {
		return nil
	}
	k.told = true
	return screen.Always("keylog", fmt.Sprintf("%s: %s keys are in %s; with them a capture of it can be read", k.flag, k.whose, k.name))
}

// close closes the file, and tells what went wrong with it.
func (k *keyLog) close() error {
	if k == nil {
		return nil
	}
	k.mu.Lock()
	if k.file != nil {
		if err := k.file.Close(); err != nil && k.err == nil {
			k.err = err
		}
	}
	k.mu.Unlock()
	return k.failure()
}
