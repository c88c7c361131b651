// What `ws` makes of it: every message goes to all, compressed from 512 bytes on.
import { WebSocketServer } from 'ws'

const compresses = process.env.DEFLATE === '1' && { threshold: 512 }
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: compresses })
server.on('listening', () => console.log(`listening on 127.0.0.1:${server.address().port}`))
server.on('connection', socket => {
    socket.on('message', data => {
        const text = JSON.stringify(JSON.parse(data))
        for (const client of server.clients) client.send(text)
    })
})
