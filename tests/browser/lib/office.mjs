// The demonstration office as the tests use it: who may do what, and how to get in.
import { execFileSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { assert } from '../harness.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
const program = resolve(root, process.env.QIANSHAO ?? 'build/dev/qianshao')

export const PASSWORD = 'Qianshao2026'
export const CHIEF = 'qiuzh', SECRETARY = 'zhangsan', ADMIN = 'admin', AUDITOR = 'shenjt', STAFF = 'tongbm'

export async function signIn(page, login = CHIEF, password = PASSWORD) {
    await page.goto('/login')
    await page.fill('[name=login]', login)
    await page.fill('[name=password]', password)
    await page.click('button.go')
    await page.waitForLoadState()
}

/** The data of a page, as its JSON says. */
export async function data(page, path) {
    const answer = await page.request.get(path, { headers: { Accept: 'application/json' } })
    assert.equal(answer.status(), 200, `${path} answers ${answer.status()}`)
    return (await answer.json()).data
}

/** How far the page is wider than the window. */
export const overflow = page => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)

/** Matters by a script of lines (item run) beside the server, in the rights of those it names; the ids of the items, line by line. */
export function items(...lines) {
    const out = execFileSync(program, ['item', 'run', '-', '--data', process.env.QIANSHAO_DATA, '--json'],
        { input: lines.map(l => JSON.stringify(l)).join('\n'), encoding: 'utf8' })
    return out.trim().split('\n').map(l => JSON.parse(l).item)
}

/** Another demonstration office, in a new directory, for a test that needs a server of its own. */
export function demoOffice(at) {
    if (process.env.QIANSHAO_DEMO) cpSync(process.env.QIANSHAO_DEMO, at, { recursive: true })
    else execFileSync('sh', ['tools/demo.sh', program, at], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
}
