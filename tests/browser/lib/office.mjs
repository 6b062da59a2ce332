// The demonstration office as the tests use it: who may do what, and how to get in.
import { assert } from '../harness.mjs'

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
