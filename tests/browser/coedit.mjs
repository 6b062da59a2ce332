// Three people in one manuscript: typing at random while the server is killed twice, and one of them without a line for a while. All end with the
// same text, and every word that was acknowledged is in it.
//   COEDIT_MS=60000 node tests/browser/run.mjs coedit       a whole minute (12 s)
//   QIANSHAO_PG=postgresql://… node tests/browser/run.mjs coedit       on PostgreSQL (tools/pg.sh)
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { assert, test } from './harness.mjs'
import { data, signIn, PASSWORD, SECRETARY, CHIEF } from './lib/office.mjs'

const LENGTH = Number(process.env.COEDIT_MS ?? 12000)
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const program = resolve(root, process.env.QIANSHAO ?? 'build/dev/qianshao')
const sleep = ms => new Promise(done => setTimeout(done, ms))

/** A server of our own over an office of our own: it is to be killed, and to come back at the same place. */
class Server {
    constructor(folder, port) { this.data = folder; this.port = port }
    async start() {
        this.child = spawn(program, ['serve', '--data', this.data, '--listen', `127.0.0.1:${this.port}`, '--no-intake', '--json'],
            { stdio: ['ignore', 'pipe', 'ignore'] })
        await new Promise((done, fail) => {
            this.child.once('exit', code => fail(new Error(`serve ended with ${code}`)))
            createInterface({ input: this.child.stdout }).once('line', line => {
                this.port = Number(new URL(JSON.parse(line).address).port)
                done()
            })
        })
        this.child.removeAllListeners('exit')
    }
    async kill(signal = 'SIGKILL') {
        const gone = new Promise(done => this.child.once('exit', done))
        this.child.kill(signal)
        await gone
    }
}

async function editor(t, base, login, path) {
    const context = await t.context.browser().newContext({ baseURL: base, locale: 'zh-CN', viewport: { width: 1366, height: 768 } })
    const page = await context.newPage()
    const problems = []
    page.on('pageerror', e => problems.push(`${login}: ${e.message}`))
    await signIn(page, login, passwords[login])
    if (passwords[login]) {
        await page.fill('[name=old]', passwords[login])
        await page.fill('[name=new]', PASSWORD)
        await page.fill('[name=again]', PASSWORD)
        await page.click('button.go')
        await page.waitForLoadState()
    }
    if (path) await open(page, path)
    return { page, context, login, problems, acked: new Set() }
}
const open = async (page, path) => { await page.goto(path); await page.waitForSelector('.desk-on .cm-content') }
const text = e => e.page.evaluate(() => document.querySelector('.desk').desk.view.state.doc.toString())
const state = e => e.page.evaluate(() => ({ ...document.querySelector('.desk').dataset }))

/** Words that nobody else has, put somewhere; now and then a character that is nobody's word goes. */
async function type(e, until, offline) {
    let n = 0
    while (Date.now() < until) {
        const word = `〔${e.login}${n++}〕`
        const typed = await e.page.evaluate(([word, dice]) => {
            const view = document.querySelector('.desk').desk.view, doc = view.state.doc.toString()
            const at = doc.indexOf('〕', Math.floor(dice * doc.length)) + 1 || doc.length
            const changes = [{ from: at, insert: word + (dice < 0.15 ? '\n' : dice < 0.2 ? '𠮷' : '') }]
            const junk = doc.search(/[、\n𠮷]/u)
            if (dice > 0.9 && junk >= 0 && junk !== at) changes.push({ from: junk, to: junk + (doc[junk] === '\n' || doc[junk] === '、' ? 1 : 2) })
            view.dispatch({ changes, selection: { anchor: Math.min(at + 1, doc.length) }, userEvent: 'input.type' })
            return true
        }, [word, Math.random()])
        assert.ok(typed)
        e.acked.add(word)
        await sleep(30 + Math.random() * 120)
        if (offline && Date.now() > offline.at && !offline.done) {
            offline.done = true
            await e.context.setOffline(true)
            setTimeout(() => void e.context.setOffline(false), offline.ms)
        }
    }
    return n
}

async function settled(editors, ms = 60000) {
    const until = Date.now() + ms
    for (;;) {
        const all = await Promise.all(editors.map(state))
        if (all.every(s => s.unsent === '0' && s.seq === all[0].seq)) return Number(all[0].seq)
        if (Date.now() > until) assert.fail(`not settled: ${JSON.stringify(all.map(s => [s.seq, s.unsent]))}`)
        await sleep(200)
    }
}

let offices = 0, passwords = {}
async function office() {
    const folder = mkdtempSync(join(tmpdir(), 'qs-coedit-')), server = new Server(join(folder, 'data'), 0), url = process.env.QIANSHAO_PG
    const schema = `coedit_${process.pid}_${offices++}`
    const own = url ? ['--database', `${url}${url.includes('?') ? '&' : '?'}options=-csearch_path%3D${schema}`] : []
    if (url) execFileSync('psql', ['-q', '-d', url, '-c', `CREATE SCHEMA ${schema}`])
    const run = (...args) => execFileSync(program, [...args, '--data', server.data], { cwd: root, encoding: 'utf8' })
    run('init', '--units', 'demo/units.tsv', '--people', 'demo/people.tsv', ...(url ? ['--admin', 'shoujian', '--name', '首建'] : ['--demo']), ...own)
    passwords = {} // a real office gives one-time ones
    for (const login of url ? [SECRETARY, CHIEF, 'lisi'] : [])
        passwords[login] = JSON.parse(run('user', 'reset-password', login, '--json').trim().split('\n').pop()).password
    await server.start()
    return { server, end: async () => { await server.kill('SIGTERM'); rmSync(folder, { recursive: true, force: true }) }, base: `http://127.0.0.1:${server.port}` }
}

async function begun(t, base) {
    const a = await editor(t, base, SECRETARY)
    await a.page.goto('/manuscripts/new')
    await a.page.fill('main [name=title]', '关于集体起草的试验')
    await a.page.click('main button.go')
    await a.page.waitForURL(/manuscripts\/\d+$/)
    const path = new URL(a.page.url()).pathname
    const csrf = await a.page.inputValue('form[action$=people] [name=csrf]')
    for (const who of [CHIEF, 'lisi']) await a.page.request.post(`${path}/people`, { form: { csrf, who, writes: '1' } })
    await open(a.page, path)
    return { a, path }
}

test('三个人同时写，服务器被杀两次，一个人断线，最后一字不差', { timeout: 120000 + LENGTH * 2 }, async t => {
    const { server, end, base } = await office()
    try {
        const { a, path } = await begun(t, base)
        const b = await editor(t, base, CHIEF, path), c = await editor(t, base, 'lisi', path), editors = [a, b, c]
        const until = Date.now() + LENGTH
        const typing = Promise.all([type(a, until), type(b, until), type(c, until, { at: Date.now() + LENGTH / 2, ms: Math.min(10000, LENGTH / 3) })])
        for (let kill = 0; kill < 2; kill++) {
            await sleep(LENGTH / 4)
            await server.kill()
            await sleep(500)
            await server.start()
        }
        const typed = await typing
        for (const e of editors) await e.context.setOffline(false)
        const began = Date.now(), seq = await settled(editors)
        const texts = await Promise.all(editors.map(text)), stored = (await data(a.page, path)).text
        for (const [i, x] of texts.entries()) assert.equal(x, stored, `${editors[i].login} has another text than the server`)
        for (const e of editors) {
            const lost = [...e.acked].filter(w => stored.split(w).length !== 2)
            assert.deepEqual(lost, [], `${e.login}: words lost or twice`)
            assert.deepEqual(e.problems, [])
        }
        console.log(`coedit: ${LENGTH / 1000} s, ${typed.join(' + ')} words, ${seq} updates, ${stored.length} units, alike after ${Date.now() - began} ms`)
        await a.page.screenshot({ path: join(t.shots, 'coedit.png') })
        for (const e of editors) await e.context.close()
    } finally { await end() }
})

test('断线时关了窗口，再打开时并入，别人写的也在', async t => {
    const { server, end, base } = await office()
    try {
        const { a, path } = await begun(t, base)
        const b = await editor(t, base, CHIEF, path)
        const put = (e, words) => e.page.evaluate(w => { const v = document.querySelector('.desk').desk.view; v.dispatch({ changes: { from: v.state.doc.length, insert: w } }) }, words)
        await put(a, '第一句。')
        await settled([a, b])
        await a.page.waitForFunction(() => /在场：/.test(document.querySelector('.ds-who')?.textContent ?? ''))
        await a.context.setOffline(true)
        await put(a, '断线时写的。')
        await a.page.waitForFunction(() => /线路不通/.test(document.querySelector('.dk-status').textContent))
        await put(b, '\n别人写的。')
        await settled([b])
        await a.page.close()
        await a.context.setOffline(false)
        a.page = await a.context.newPage()
        await open(a.page, path)
        await a.page.waitForFunction(() => /断线时写的/.test(document.querySelector('.desk').desk.view.state.doc.toString()))
        await settled([a, b])
        const stored = (await data(a.page, path)).text
        assert.equal(stored.split('断线时写的。').length, 2)
        assert.match(stored, /第一句。[\s\S]*别人写的。|别人写的。/)
        assert.equal(await text(b), stored)
        await open(a.page, path) // and not a second time
        await sleep(800)
        assert.equal(await text(a), stored)
        await a.context.close()
        await b.context.close()
    } finally { await end() }
})
