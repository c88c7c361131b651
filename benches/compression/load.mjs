// Broadcasts from one member to all, and prints what a delivery costs the
// server and how many bytes it has on the wire.
//
//   node load.mjs PORT PID MEMBERS SIZE DEFLATE
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'

const [port, pid, members, size, deflates] = process.argv.slice(2).map(Number)
const SECONDS = 2

// The server's processor time, in microseconds, of all its threads.
const cpu = () => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 13)
    return (Number(user) + Number(system)) * 10_000
}

// Lines as a service sends them: the same keys, other values.
let seed = 1
const chance = below => (seed = (seed * 16807) % 2147483647) % below
const WORDS = 'the order of room table reply later sent price open news market user seat train'.split(' ')
const text = length => {
    let text = ''
    while (text.length < length) {
        const word = WORDS[chance(WORDS.length)]
        text += `id=${chance(1e6)} name=${word}${chance(100)} price=${chance(1e4)} state=${word}; `
    }
    return text.slice(0, length)
}
const around = JSON.stringify({ action: 'broadcast', payload: { message: '' } }).length

const frame = text => {
    const payload = Buffer.from(text)
    const header = payload.length < 126
        ? Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0])
        : Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 0xff, 0, 0, 0, 0])
    return Buffer.concat([header, payload])
}

let missing = 0, bytes = 0, deliveries = 0, complete = () => {}
const open = () => new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    socket.setNoDelay(true)
    socket.write('GET /ws/broadcast HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'
        + 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
        + 'Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n')
    socket.once('error', reject)
    let kept = Buffer.alloc(0), upgraded = false
    socket.on('data', data => {
        kept = kept.length ? Buffer.concat([kept, data]) : data
        if (!upgraded) {
            const end = kept.indexOf('\r\n\r\n')
            if (end < 0) return
            const head = kept.subarray(0, end).toString()
            if (/permessage-deflate/i.test(head) !== (deflates === 1)) return reject(new Error(head))
            upgraded = true
            kept = kept.subarray(end + 4)
            resolve(socket)
        }
        while (kept.length >= 2) {
            const short = kept[1] & 0x7f
            const header = short === 126 ? 4 : 2
            if (kept.length < header) return
            const length = header + (short === 126 ? kept.readUInt16BE(2) : short)
            if (kept.length < length) return
            if ((kept[0] & 0xf) === 1) {
                bytes += length
                deliveries += 1
                if (--missing === 0) complete()
            }
            kept = kept.subarray(length)
        }
    })
})

const sockets = []
for (let n = 0; n < members; n++) sockets.push(await open())
const broadcast = () => new Promise(resolve => {
    missing = members
    complete = resolve
    sockets[0].write(frame(JSON.stringify({ action: 'broadcast', payload: { message: text(size - around) } })))
})
// A member has joined once it gets what is sent to all.
await new Promise(resolve => setTimeout(resolve, 500))
await broadcast()
for (const until = Date.now() + 500; Date.now() < until;) await broadcast()
bytes = deliveries = 0
const before = cpu()
for (const until = Date.now() + SECONDS * 1000; Date.now() < until;) await broadcast()
console.log(`${((cpu() - before) / deliveries).toFixed(1)} µs, ${Math.round(bytes / deliveries)} B`)
process.exit()
