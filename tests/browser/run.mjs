// Browser tests: drives Debian's Chromium over a demonstration office, made once and copied for each test file, so that no file
// meets what another one left behind.
//   node tests/browser/run.mjs [NAME...]        tests/browser/NAME.mjs; all by default
//   QIANSHAO=build/release/qianshao             another program (build/dev/qianshao)
//   BASE=http://127.0.0.1:8080                  a platform that runs already; nothing is started
//   SHOTS=DIR                                   where shots go (build/browser)
// A test file calls test(name, async t => …), see harness.mjs. A failed test leaves a picture.
import { spawn, execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync, mkdirSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { makeContext, tests } from './harness.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const root = resolve(here, '../..')
const program = resolve(root, process.env.QIANSHAO ?? 'build/dev/qianshao')
const shots = resolve(root, process.env.SHOTS ?? 'build/browser')

/** Start the program on a free port; resolves with its address once it says that it is ready. */
function serve(data) {
    const child = spawn(program, ['serve', '--data', data, '--listen', '127.0.0.1:0', '--no-intake', '--json'],
        { stdio: ['ignore', 'pipe', 'inherit'] })
    return new Promise((done, fail) => {
        child.once('error', fail)
        child.once('exit', code => fail(new Error(`serve ended with ${code} before it was ready`)))
        createInterface({ input: child.stdout }).once('line', line => {
            child.removeAllListeners('exit')
            const { address } = JSON.parse(line)
            done({ child, base: address.startsWith('http') ? address : `http://${address}` })
        })
    })
}

async function stop(child) {
    if (child.exitCode !== null) return
    const gone = new Promise(done => child.once('exit', done))
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), 15000)
    await gone
    clearTimeout(timer)
}

function findChromium() {
    for (const path of [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'])
        if (path && existsSync(path)) return path
    throw new Error('没有 Chromium，请先运行 tools/install.sh test')
}

async function runOne(browser, one, base) {
    const t = await makeContext(browser, base, shots, one)
    const timer = AbortSignal.timeout(one.timeout)
    try {
        await Promise.race([one.body(t), new Promise((_, fail) =>
            timer.addEventListener('abort', () => fail(new Error(`took more than ${one.timeout / 1000} s`))))])
        if (t.problems.length) throw new Error(`the page complained: ${t.problems.join(' | ')}`)
        return true
    } catch (error) {
        console.log(`FAIL  browser.${one.file}：${one.name}\n${error.stack ?? error}`)
        await t.page.screenshot({ path: join(shots, `FAIL-${one.file}-${one.number}.png`) }).catch(() => {})
        return false
    } finally {
        await t.context.close()
    }
}

const names = process.argv.length > 2 ? process.argv.slice(2)
    : readdirSync(here).filter(f => f.endsWith('.mjs') && !['run.mjs', 'harness.mjs'].includes(f)).map(f => f.slice(0, -4)).sort()
for (const name of names) {
    tests.file = name
    await import(pathToFileURL(join(here, `${name}.mjs`)))
}

rmSync(shots, { recursive: true, force: true })
mkdirSync(shots, { recursive: true })
let passed = 0, failed = 0
const scratch = mkdtempSync(join(tmpdir(), 'qs-browser-'))
let browser

/** An office of its own for the tests of one file, and those tests. */
async function runFile(name, demo) {
    const data = join(scratch, name)
    let server
    if (demo) {
        cpSync(demo, data, { recursive: true })
        process.env.QIANSHAO_DATA = data // for lib/office.mjs: commands beside the server
        server = await serve(data)
    }
    try {
        for (const one of tests.list.filter(t => t.file === name))
            if (await runOne(browser, one, server?.base ?? process.env.BASE)) passed++
            else failed++
    } finally {
        if (server) await stop(server.child)
        rmSync(data, { recursive: true, force: true })
    }
}

try {
    const demo = process.env.BASE ? '' : join(scratch, 'demo')
    if (demo) execFileSync('sh', ['tools/demo.sh', program, demo], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
    // Chromium's own sandbox does not work for root; what it shows here is our own pages
    const args = process.getuid() === 0 ? ['--no-sandbox'] : []
    browser = await chromium.launch({ executablePath: findChromium(),
        env: { ...process.env, LC_ALL: 'C.UTF-8' }, // names of downloads are Chinese
        args: [...args, '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none', '--lang=zh-CN'] })
    for (const name of names) await runFile(name, demo)
} catch (error) {
    failed++
    console.log(`FAIL  browser：${error.stack ?? error}`)
} finally {
    await browser?.close()
    rmSync(scratch, { recursive: true, force: true })
}
console.log(`browser: ${passed} passed, ${failed} failed, 0 skipped`)
process.exit(failed ? 1 : 0)
