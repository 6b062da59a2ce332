// A slow line between a browser and the program, for LATE=MS of run.mjs: a gate on a port of its own that hands on whatever comes, either way, up to
// so many ms late. Within a connection nothing overtakes; between connections it does, as on a bad line. The pages know nothing of it, unlike of a
// route that a test or the harness could lay over them, which would also take away the browser's own cache and break streams into single answers.
import { connect, createServer } from 'node:net'

function carry(from, to, most) {
    const pieces = []
    let waiting = false
    const next = () => { // one timer at a time: two would not fire in the order of their pieces
        waiting = pieces.length > 0
        if (waiting) setTimeout(() => { pieces.shift().act(); next() }, pieces[0].due - Date.now())
    }
    const later = act => {
        pieces.push({ act, due: Date.now() + Math.random() * most })
        if (!waiting) next()
    }
    from.on('data', piece => later(() => { if (to.writable) to.write(piece) }))
    from.on('end', () => later(() => to.end()))
    from.on('error', () => to.destroy())
    from.on('close', () => later(() => to.destroy()))
}

/** The address to use instead of `base`, and how to close it. */
export async function lateLine(base, most) {
    const { hostname, port } = new URL(base), open = new Set()
    const gate = createServer({ allowHalfOpen: true }, near => {
        const far = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
        for (const s of [near, far]) {
            open.add(s)
            s.setNoDelay(true)
            s.once('close', () => open.delete(s))
        }
        carry(near, far, most)
        carry(far, near, most)
    })
    await new Promise(done => gate.listen(0, '127.0.0.1', done))
    return { base: `http://127.0.0.1:${gate.address().port}`, close: () => { for (const s of open) s.destroy(); gate.close() } }
}
