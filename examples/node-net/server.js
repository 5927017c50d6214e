// A web server made of Node's sockets. Node does the waiting: it makes the
// socket, binds, listens and accepts, and calls us when there is something to do.
const net = require('net')

const pages = new Map([
  ['/', 'hello from a hand-rolled server\n'],
  ['/about', 'this is /about\n'],
])

// This is called for each client that was accepted.
const server = net.createServer(client => {
  let request = ''
  client.setEncoding('latin1')
  client.on('data', piece => {
    request += piece // It may come in several pieces.
    if (client.writableEnded || !request.includes('\r\n\r\n')) return // An empty line ends the request.
    const [status, body] = page(request.split('\r\n')[0])
    const head = 'HTTP/1.1 ' + status + '\r\n' +
      'Content-Type: text/plain; charset=utf-8\r\n' +
      'Content-Length: ' + body.length + '\r\n' +
      'Connection: close\r\n' +
      '\r\n'
    client.end(head + body, 'latin1') // It is closed when all of it is written.
  })
  client.on('error', () => client.destroy()) // The client has gone.
})

// The first line has three words: the method, the path and the version.
function page(line) {
  const words = line.split(' ')
  if (words.length !== 3 || !words[2].startsWith('HTTP/1.')) return ['400 Bad Request', '400 Bad Request\n']
  if (!pages.has(words[1])) return ['404 Not Found', '404 Not Found: ' + words[1] + '\n']
  return ['200 OK', pages.get(words[1])]
}

const port = Number(process.argv[2] ?? 8080)
server.listen(port, '127.0.0.1', () => console.log('listening on 127.0.0.1:' + server.address().port))
