package serve

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
)

// Rules of files:
//
//   - Nothing outside the directory: os.Root follows no link and no name out of
//     it, whatever is moved while it is served.
//   - Names that begin with a dot are not there, whether they are or not: .git
//     and .env are served by accident everywhere. The exception is .well-known,
//     which was made to be served (RFC 8615).
//   - Directories are not listed: what was not linked to was not meant to be
//     found.
//   - Only regular files are opened. Opening a FIFO waits for its other end, and
//     opening a device can do something.
//   - A file that has become shorter ends the connection: what is missing is
//     never made up.

// Files returns the other of Site that answers every path from a directory,
// which the caller closes after the server has ended. path is decoded, and without
// dot segments and control characters.
func Files(root *os.Root) func(w *Response, r *Request, path string) bool {
	return func(w *Response, r *Request, path string) bool {
		if !allow(w, r, false) {
			return true
		}
		f, info, no := openPath(root, path)
		if no != nil {
			no.send(w, r, path)
			return true
		}
		defer f.Close()
		sendFile(w, r, f, info)
		return true
	}
}

// unserved is why there is no file for a path.
type unserved struct {
	status int
	why    string
}

var (
	notThere   = &unserved{404, ""}
	badName    = &unserved{404, "no file that is served can have this name"}
	dotName    = &unserved{404, "names that begin with a dot are not served"}
	needsSlash = &unserved{301, "a directory's path ends with a slash"}
	extraSlash = &unserved{404, "this is a file: leave out the last slash"}
	noIndex    = &unserved{404, "this directory has no index.html, and directories are not listed"}
	leadsOut   = &unserved{403, "this leads out of the directory that is served"}
	irregular  = &unserved{403, "this is neither a file nor a directory"}
	unreadable = &unserved{403, "this server has no permission to read it"}
	tooMany    = &unserved{503, "the server cannot open more files at the moment"}
	failed     = &unserved{500, "the file cannot be read"}
)

func (no *unserved) send(w *Response, r *Request, path string) {
	if no == needsSlash {
		// One slash at the beginning: two would name another host.
		location := escaped(path) + "/"
		if _, query, found := strings.Cut(string(r.Target), "?"); found {
			location += "?" + query
		}
		w.Field("Location", location)
	}
	text := decimal(no.status) + " " + reason(no.status) + ": " + string(r.Target)
	if no.why != "" {
		text += ": " + no.why
	}
	w.Send(no.status, plainText, []byte(text+"\n"))
}

// openPath opens the file of a decoded path.
func openPath(root *os.Root, path string) (*os.File, fs.FileInfo, *unserved) {
	name, asDirectory := strings.CutSuffix(strings.TrimPrefix(path, "/"), "/")
	if name == "" {
		name, asDirectory = ".", true
	}
	local, err := filepath.Localize(name)
	if path != "/" && (err != nil || name == ".") {
		return nil, nil, badName
	}
	for segment := range strings.SplitSeq(name, "/") {
		if segment[0] == '.' && name != "." && segment != ".well-known" {
			return nil, nil, dotName
		}
	}
	info, err := root.Stat(local)
	switch {
	case err != nil:
		return nil, nil, unservedBy(err)
	case info.IsDir() && !asDirectory:
		return nil, nil, needsSlash
	case info.IsDir():
		f, info, no := openRegular(root, filepath.Join(local, "index.html"))
		if no == notThere {
			no = noIndex
		}
		return f, info, no
	case asDirectory:
		return nil, nil, extraSlash
	}
	return openRegular(root, local)
}

func openRegular(root *os.Root, local string) (*os.File, fs.FileInfo, *unserved) {
	info, err := root.Stat(local)
	if err != nil {
		return nil, nil, unservedBy(err)
	}
	if info.IsDir() { // it is called index.html
		return nil, nil, noIndex
	}
	if !info.Mode().IsRegular() {
		return nil, nil, irregular
	}
	return openNow(root, local)
}

// openNow opens what may be another file by now: it does not wait for a FIFO, and
// looks again.
func openNow(root *os.Root, local string) (*os.File, fs.FileInfo, *unserved) {
	f, err := root.OpenFile(local, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, unservedBy(err)
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		_ = f.Close()
		return nil, nil, irregular
	}
	return f, info, nil
}

func unservedBy(err error) *unserved {
	switch {
	case isAny(err, fs.ErrNotExist, syscall.ENOTDIR):
		return notThere
	case isAny(err, fs.ErrPermission):
		return unreadable
	case isAny(err, syscall.ENAMETOOLONG, syscall.ELOOP, syscall.EINVAL):
		return badName
	case isAny(err, syscall.EMFILE, syscall.ENFILE):
		return tooMany
	}
	// The error of os.Root has no name; if its words change, the answer is
	// another and the file is still refused.
	if e := (*fs.PathError)(nil); errors.As(err, &e) && e.Err.Error() == "path escapes from parent" {
		return leadsOut
	}
	return failed
}

// sendFile answers with the file, a part of it, or that it is still the same.
func sendFile(w *Response, r *Request, f *os.File, info fs.FileInfo) {
	contentType, err := fileType(info.Name(), f)
	if err != nil {
		failed.send(w, r, "")
		return
	}
	v := validatorsOf(info, w.c.now)
	v.addTo(w)
	switch v.judge(r) {
	case 304:
		w.Begin(304, "", 0)
		return
	case 412:
		w.Send(412, plainText, []byte("412 Precondition Failed: "+string(r.Target)+": the file is another one by now\n"))
		return
	}
	size := info.Size()
	part, status := span{0, size}, 200
	if string(r.Method) == "GET" && v.allowRange(r) { // HEAD has no ranges: RFC 9110 section 14.2
		part, status = rangeOf(r, size)
	}
	switch status {
	case 416:
		w.Field("Content-Range", "bytes */"+decimal64(size))
		w.Send(416, plainText, []byte("416 Range Not Satisfiable: "+string(r.Target)+": the file has "+decimal64(size)+" bytes\n"))
		return
	case 206:
		w.Field("Content-Range", "bytes "+decimal64(part.from)+"-"+decimal64(part.to-1)+"/"+decimal64(size))
	default:
		w.Field("Accept-Ranges", "bytes")
	}
	w.Begin(status, contentType, part.to-part.from)
	if string(r.Method) == "GET" {
		copyPart(w, f, part)
	}
}

const pieceSize = 64 << 10

var pieces = sync.Pool{New: func() any { return new([pieceSize]byte) }}

// copyPart sends what of the part is there. When that is less than was announced,
// the connection is closed by conn.answer.
func copyPart(w *Response, f io.ReaderAt, part span) {
	piece := pieces.Get().(*[pieceSize]byte)
	defer pieces.Put(piece)
	for part.from < part.to {
		n, err := f.ReadAt(piece[:min(pieceSize, part.to-part.from)], part.from)
		if n > 0 {
			if _, err := w.Write(piece[:n]); err != nil {
				return
			}
		}
		part.from += int64(n)
		if err != nil {
			return
		}
	}
}

// escaped is a decoded path as it is written in a target.
func escaped(path string) string {
	const plain, digits = "-._~!$&'()*+,;=:@/", "0123456789ABCDEF"
	b := make([]byte, 0, len(path)+8)
	for i := range len(path) {
		c := path[i]
		switch {
		case '0' <= c && c <= '9', 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', strings.IndexByte(plain, c) >= 0:
			b = append(b, c)
		default:
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return string(b)
}
