// Browser tests: drives Debian's Chromium (its headless shell) over a demonstration office, made once and copied for each test file, so that no file
// meets what another one left behind. Files run beside each other, the longest first: each worker is a process with a Chromium of
// its own, each file has its own data directory and server.
//   node tests/browser/run.mjs [NAME...]        tests/browser/NAME.mjs; all by default
//   QIANSHAO=build/release/qianshao             another program (build/dev/qianshao)
//   BASE=http://127.0.0.1:8080                  a platform that runs already; nothing is started
//   SHOTS=DIR                                   where shots go (build/browser)
//   WORKERS=N                                   how many files beside each other (see workers())
//   ONLY=WORDS                                  only tests whose name has these words
//   TIMES=1                                     how long each test took
// A slow machine or line shows faults that a quick one hides; these make one of any. What fails under them only is a fault all the same: of the page
// that acts late on what a person has left behind, or of the test that looks before there is something to see.
//   SLOW=N                                      each page's processor is N times slower (4 to 6)
//   LATE=MS                                     each piece of request and answer comes up to MS late (300): see lib/late.mjs
//   timeout 900 sh -c 'while :; do :; done' &   twice or more beside it: a busy machine
// A test file calls test(name, async t => …), see harness.mjs. A failed test leaves a picture.
import { execFileSync, fork, spawn } from 'node:child_process'
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { makeContext, slowed, tests } from './harness.mjs'
import { lateLine } from './lib/late.mjs'

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
    // the shell has the same engine and no windows around it: two fifths less work for each page
    for (const path of [process.env.CHROMIUM, '/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'])
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

/** An office of its own for the tests of one file, and those tests: [passed, failed]. */
async function runFile(browser, name, demo, scratch) {
    tests.file = name
    await import(pathToFileURL(join(here, `${name}.mjs`)))
    const data = join(scratch, name), count = [0, 0]
    let server, line
    if (demo) {
        cpSync(demo, data, { recursive: true })
        // 今日要情 is kept at its time of the morning; a test that looks at it must not mean another sheet by day than by night
        appendFileSync(join(data, 'qianshao.yaml'), '\nbrief_at: ""\n')
        process.env.QIANSHAO_DATA = data // for lib/office.mjs: commands beside the server
        server = await serve(data)
    }
    const late = Number(process.env.LATE) || 0, office = server?.base ?? process.env.BASE
    if (late) line = await lateLine(office, late)
    try {
        for (const one of tests.list.filter(t => t.file === name && t.name.includes(process.env.ONLY ?? ''))) {
            const began = Date.now(), good = await runOne(browser, one, line?.base ?? office)
            count[good ? 0 : 1]++
            if (process.env.TIMES) console.log(`      ${seconds(began)} s  ${name}：${one.name}`)
        }
    } finally {
        line?.close()
        if (server) await stop(server.child)
        rmSync(data, { recursive: true, force: true })
    }
    return count
}

const seconds = began => ((Date.now() - began) / 1000).toFixed(1).padStart(6)

/** A worker: runs the files that it is told, one behind the other, until it is let go. */
async function work() {
    // Chromium's own sandbox does not work for root; what it shows here is our own pages
    const args = process.getuid() === 0 ? ['--no-sandbox'] : []
    const browser = await chromium.launch({ executablePath: findChromium(),
        env: { ...process.env, LC_ALL: 'C.UTF-8' }, // names of downloads are Chinese
        args: [...args, '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none', '--lang=zh-CN'] })
    if (Number(process.env.SLOW)) slowed(browser, Number(process.env.SLOW))
    process.on('disconnect', () => browser.close().finally(() => process.exit()))
    process.on('message', async name => {
        try {
            process.send(await runFile(browser, name, process.env.QIANSHAO_DEMO, process.env.QIANSHAO_SCRATCH))
        } catch (error) {
            console.log(`FAIL  browser.${name}：${error.stack ?? error}`)
            process.send([0, 1])
        }
    })
    process.send('ready')
}

/** One for each processor, and one more where tests wait for the clock; over a platform that runs already the files come one behind the other. */
const workers = files => Math.min(files, Number(process.env.WORKERS) || (process.env.BASE ? 1 : Math.min(availableParallelism() + 1, 4)))

async function main() {
    const length = name => statSync(join(here, `${name}.mjs`)).size
    const names = process.argv.length > 2 ? process.argv.slice(2)
        : readdirSync(here).filter(f => f.endsWith('.mjs') && !['run.mjs', 'harness.mjs'].includes(f)).map(f => f.slice(0, -4))
            .sort((a, b) => length(b) - length(a))
    rmSync(shots, { recursive: true, force: true })
    mkdirSync(shots, { recursive: true })
    const scratch = mkdtempSync(join(tmpdir(), 'qs-browser-')), demo = process.env.BASE ? '' : join(scratch, 'demo'), total = [0, 0]
    try {
        if (demo) execFileSync('sh', ['tools/demo.sh', program, demo], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
        await Promise.all(Array.from({ length: workers(names.length) }, () => new Promise(done => {
            const worker = fork(fileURLToPath(import.meta.url), { env: { ...process.env, QIANSHAO_WORKER: '1', QIANSHAO_DEMO: demo, QIANSHAO_SCRATCH: scratch } })
            let name, began
            worker.on('message', said => {
                if (name) {
                    said.forEach((n, i) => { total[i] += n })
                    console.log(`  ${seconds(began)} s  ${name}`)
                }
                name = names.shift()
                began = Date.now()
                if (name) worker.send(name)
                else worker.disconnect()
            })
            worker.on('exit', code => {
                if (name || code) {
                    total[1]++
                    console.log(`FAIL  browser.${name ?? ''}：the worker ended with ${code}`)
                }
                done()
            })
        })))
        if (names.length) {
            total[1] += names.length
            console.log(`FAIL  browser：nobody is left to run ${names.join(' ')}`)
        }
    } catch (error) {
        total[1]++
        console.log(`FAIL  browser：${error.stack ?? error}`)
    } finally {
        rmSync(scratch, { recursive: true, force: true })
    }
    console.log(`browser: ${total[0]} passed, ${total[1]} failed, 0 skipped`)
    process.exit(total[1] ? 1 : 0)
}

if (process.env.QIANSHAO_WORKER) await work()
else await main()
