package main

import (
	"errors"
	"io/fs"
	"os"

	"rawhttp/internal/serve"
)

// openDir makes the handler of --dir; the directory stays open to the end of the
// program.
func (o *serveOptions) openDir() error {
	if !o.set.Changed("dir") {
		o.handler = serve.Site(nil)
		return nil
	}
	const hint = "give a directory; . is the one you are in"
	if o.dir == "" {
		return usagef(hint, "--dir is empty")
	}
	info, err := os.Stat(o.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return usagef(hint, "there is no directory %s", o.dir)
	case err == nil && !info.IsDir(): // os.OpenRoot would wait for a FIFO
		return usagef(hint, "--dir %s is no directory", o.dir)
	}
	root, err := os.OpenRoot(o.dir)
	if err != nil {
		return usagef(hint, "cannot open --dir %s: %s", o.dir, plainFileError(err))
	}
	o.handler = serve.Site(serve.Files(root))
	return nil
}
