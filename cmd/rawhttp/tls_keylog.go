package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"

	"rawhttp/internal/transcript"
)

const keyLogVariable = "SSLKEYLOGFILE"

// keyLogFile is where the keys go: the flag, then the environment.
func (o *tlsOptions) keyLogFile(p *program) writtenFile {
	switch {
	case o == nil:
		return writtenFile{}
	case o.set.Changed("keylog"):
		return writtenFile{"--keylog", o.keyLog}
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

// keyLog appends a session's keys to a file, which is made for its owner alone,
// when the first key comes; no key is written to one that others can read. The
// first error is kept.
type keyLog struct {
	writtenFile
	file *os.File
	err  error
}

// Write implements io.Writer.
func (k *keyLog) Write(p []byte) (n int, err error) {
	if k.err == nil && k.file == nil {
		k.file, k.err = os.OpenFile(k.name, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
		if info, err := k.file.Stat(); k.err == nil && err == nil && othersMayRead(info) {
			k.err = errOthersMayRead // which it was not when the command line was checked
		}
	}
	if k.err == nil {
		n, k.err = k.file.Write(p)
	}
	return n, k.err
}

// failure is what went wrong with the file; nil is nothing.
func (k *keyLog) failure() error {
	if k == nil || k.err == nil {
		return nil
	}
	return failed(fmt.Sprintf("cannot write %s %s: %s", k.flag, k.name, plainFileError(k.err)), k.err)
}

// warn says, also on a quiet screen, that the keys are in the file.
func (k *keyLog) warn(screen *transcript.Screen) error {
	if k == nil || k.file == nil {
		return nil
	}
	return screen.Always("keylog", fmt.Sprintf("%s: this session's keys are in %s; with them a capture of it can be read", k.flag, k.name))
}

// close closes the key log, if there is one.
func (o *tlsOptions) close() error {
	if o == nil || o.keys == nil || o.keys.file == nil {
		return nil
	}
	if err := o.keys.file.Close(); err != nil && o.keys.err == nil {
		o.keys.err = err
	}
	return o.keys.failure()
}
