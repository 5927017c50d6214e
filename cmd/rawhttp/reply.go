package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"os"
	"path/filepath"
	"strconv"
	"time"
	"unicode/utf8"

	"rawhttp/internal/console"
	"rawhttp/internal/http1"
	"rawhttp/internal/transcript"
)

// Rules of --reply, which writes the response by itself:
//
//   - It is correct for the request that it answers: nothing that http1 finds odd
//     about a response is in one, whatever the status.
//   - The length is always said, before the body; there is none of a 204 and a 304
//     (RFC 9110 section 8.6), nor of a 2xx to CONNECT. HEAD gets the head alone.
//   - The body is the bytes that were given, and nothing else.
//   - A connection that the client does not keep open is said to be closed.

// reply is what answers each complete request. It is not changed once made, so
// several conversations may use it.
type reply struct {
	status int
	phrase string
	given  bool   // there is a body
	text   []byte // it
	file   string // or the name of the file that has it, read anew for each request
	kept   *keptFiles
	now    func() time.Time
}

// checkReply reads what is to be answered by itself. Nothing else is then read.
func (o *listenOptions) checkReply(files []string) (err error) {
	switch {
	case !o.set.Changed("reply"):
		return usagef("say which response has this body, for instance --reply 200", "--reply-body without --reply")
	case len(files) > 0:
		return usagef("leave out one of them; for a file that is the body alone: --reply "+quote(o.status)+" --reply-body "+quote("@"+files[0]),
			"--reply writes the whole response, and so does %s", files[0])
	case o.history != "":
		return usagef("leave it out", "--history is for lines typed at a terminal, and --reply answers by itself")
	}
	o.files = &inputFiles{}
	o.reply, err = newReply(o.status, o.body, o.set.Changed("reply-body"), &o.conversationFlags)
	return err
}

// newReply reads what --reply and --reply-body say. f knows what is to be
// written, which the body must not be.
func newReply(status, body string, given bool, f *conversationFlags) (*reply, error) {
	r := &reply{given: given, kept: &keptFiles{}, now: time.Now}
	var err error
	if r.status, r.phrase, err = parseStatus(status); err != nil {
		return nil, err
	}
	switch {
	case given && !r.mayHaveBody():
		return nil, usagef("leave out --reply-body, or reply with another status, such as 200", "a response with status %d has no body", r.status)
	case len(body) > 0 && body[0] == '@':
		err = r.setFile(body[1:], f)
	default:
		r.text = []byte(body)
		if f.escapes {
			if r.text, err = io.ReadAll(console.NewUnescaper(bytes.NewReader(r.text))); err != nil {
				err = usagef(hintOf(err), "--reply-body: %s", err)
			}
		}
	}
	if err == nil && r.file != "" {
		r.kept.prepare(r.file)
	}
	if err == nil && r.status == 206 && !r.hasPart() {
		err = usagef("give a --reply-body of at least one byte", "--reply 206 without a body: %s", noRange)
	}
	return r, err
}

const noRange = "a part of nothing has no range"

// hasPart reports whether there is something that a 206 can be a part of.
func (r *reply) hasPart() bool {
	content, size, _, err := r.content()
	if err == nil {
		content.Close()
	}
	return err != nil || size > 0 // the error is found again when it matters
}

func (r *reply) setFile(name string, f *conversationFlags) error {
	r.file = name
	switch {
	case name == "-":
		return usagef("save it in a file first, and give that: --reply-body @FILE", "--reply-body @-: standard input can be read only once, and every request gets the body")
	case name == "":
		return usagef("give the name of a file; a TEXT that begins with @ is written -e --reply-body '\\x40...'", "--reply-body @ names no file")
	case f.escapes:
		return usagef("leave out -e", "--reply-body %s is sent as it is: -e reads the escapes of a TEXT", "@"+name)
	}
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		return usagef("give a file in it", "--reply-body @%s: it is a directory", name)
	case err == nil && !info.Mode().IsRegular():
		return usagef("save what it gives in a file first", "--reply-body @%s is no regular file, so its length is not known before it is read", name)
	case err == nil:
		err = readable(name)
	}
	if err != nil {
		return usagef("give the path of a file with the body; a TEXT that begins with @ is written -e --reply-body '\\x40...'", "--reply-body @%s: %s", name, plainFileError(err))
	}
	return f.wouldOverwrite(info, name)
}

func (r *reply) mayHaveBody() bool { return r.status != 204 && r.status != 205 && r.status != 304 }

// forConversation is a canned answer.
func (r *reply) forConversation(c *transcript.Conversation) func(context.Context) (io.ReadCloser, error) {
	return func(context.Context) (io.ReadCloser, error) {
		sent, _ := c.State()
		return r.open(sent.Asked)
	}
}

// open makes one response to a request.
func (r *reply) open(asked http1.Asked) (io.ReadCloser, error) {
	content, size, kind, err := r.content()
	if err != nil {
		return nil, err
	}
	if r.status == 206 && size == 0 {
		content.Close()
		return nil, fmt.Errorf("%s is empty, and %s", r.file, noRange)
	}
	tunnel := asked.Connect && r.status/100 == 2
	bare := tunnel || r.status == 204 || r.status == 304
	head := bytes.NewReader(r.head(asked, bare, size, kind))
	if asked.Head || bare {
		content.Close()
		return io.NopCloser(head), nil
	}
	return &answer{io.MultiReader(head, io.LimitReader(content, size)), content}, nil
}

// content opens the body; kind is its media type, "" if there is none.
func (r *reply) content() (content io.ReadCloser, size int64, kind string, err error) {
	switch {
	case !r.given:
		return io.NopCloser(bytes.NewReader(nil)), 0, "", nil
	case r.file == "":
		return io.NopCloser(bytes.NewReader(r.text)), int64(len(r.text)), typeOf(r.text, true), nil
	}
	f, err := r.kept.open(r.file)
	if err != nil {
		return nil, 0, "", fmt.Errorf("%s: %s", r.file, plainFileError(err))
	}
	var info fs.FileInfo
	if info, err = f.file.Stat(); err == nil {
		kind, err = fileType(r.file, f)
	}
	if err != nil {
		f.Close()
		return nil, 0, "", fmt.Errorf("%s: %s", r.file, plainFileError(err))
	}
	return f, info.Size(), kind, nil
}

// head is everything before the body; bare: a response that has none, and does not
// speak of one.
func (r *reply) head(asked http1.Asked, bare bool, size int64, kind string) []byte {
	b := fmt.Appendf(nil, "HTTP/1.1 %d %s\r\n", r.status, r.phrase)
	b = r.now().UTC().AppendFormat(append(b, "Date: "...), "Mon, 02 Jan 2006 15:04:05 GMT\r\n")
	b = append(b, http1.RequiredFields(r.status)...)
	if r.status == 206 {
		b = fmt.Appendf(b, "Content-Range: bytes 0-%d/%d\r\n", size-1, size)
	}
	if kind != "" && !bare {
		b = append(b, "Content-Type: "+kind+"\r\n"...)
	}
	if !bare {
		b = append(b, "Content-Length: "+strconv.FormatInt(size, 10)+"\r\n"...)
	}
	switch {
	case asked.Closes && r.status == 426:
		b = append(b, "Connection: Upgrade, close\r\n"...)
	case asked.Closes:
		b = append(b, "Connection: close\r\n"...)
	case r.status == 426:
		b = append(b, "Connection: Upgrade\r\n"...)
	}
	return append(b, "\r\n"...)
}

// fileType says what a file holds: by its name, or else by its first bytes, to
// which it goes back.
func fileType(name string, f io.ReadSeeker) (string, error) {
	if kind := mime.TypeByExtension(filepath.Ext(name)); kind != "" {
		return kind, nil
	}
	const enough = 512
	first := make([]byte, enough)
	n, err := io.ReadFull(f, first)
	if err == nil || err == io.ErrUnexpectedEOF || err == io.EOF {
		_, err = f.Seek(0, io.SeekStart)
	}
	return typeOf(first[:n], n < enough), err
}

// typeOf says whether bytes are text. whole tells that no more follow, which may
// complete a character.
func typeOf(p []byte, whole bool) string {
	for len(p) > 0 {
		r, size := utf8.DecodeRune(p)
		if r == utf8.RuneError && size == 1 {
			if !whole && !utf8.FullRune(p) {
				break
			}
			return "application/octet-stream"
		}
		if isControl(r) && r != '\t' && r != '\n' && r != '\r' && r != '\f' {
			return "application/octet-stream"
		}
		p = p[size:]
	}
	return "text/plain; charset=utf-8"
}
