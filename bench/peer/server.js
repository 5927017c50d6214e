// node's http server, with the routes of `peer serve`.
'use strict';
const http = require('http');

const server = http.createServer((request, response) => {
  const text = () => {
    response.setHeader('Content-Length', 14);
    response.end('hello, client\n');
  };
  switch (request.url) {
    case '/slow':
      setTimeout(text, 3000);
      break;
    case '/empty':
      response.statusCode = 204;
      response.end();
      break;
    case '/chunked':
      for (let i = 0; i < 3; i++) response.write('hello, client\n');
      response.end();
      break;
    default:
      text();
  }
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
