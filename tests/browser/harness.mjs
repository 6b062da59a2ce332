// What a browser test gets.
//
//   import { test, assert } from './harness.mjs'
//   test('检索显示片段', async t => {
//       await t.signIn('secretary')
//       await t.goto('/library?q=督查')
//       assert.equal(await t.page.title(), '…')
//       await t.shot('library')                 // build/browser/library.png, to be looked at
//   })
//
// t.page is a Playwright page, 1366×768, in a browser profile of its own. A script error, a console error or an
// answer of 500 or more fails the test; t.expectProblem(/…/) allows one.
import assert from 'node:assert/strict'
import { join } from 'node:path'

export { assert }

/** What a phone says that it is: the oldest Chromium of the field. Such a page is laid out and loaded as on one. */
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true,
    userAgent: 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/86.0.4240.198 Mobile Safari/537.36' }

export const tests = { list: [], file: '' }

/** Register a test. options: timeout in ms (120,000), viewport, phone: true for 390×844. */
export function test(name, options, body) {
    if (typeof options === 'function') [options, body] = [{}, options]
    tests.list.push({ name, body, file: tests.file, number: tests.list.length + 1, timeout: options.timeout ?? 120000, options })
}

/** Every page of this browser, whoever opens it, on a processor so many times slower. */
export function slowed(browser, times) {
    const fresh = browser.newContext.bind(browser)
    browser.newContext = async options => {
        const context = await fresh(options)
        context.on('page', page => void context.newCDPSession(page)
            .then(cdp => cdp.send('Emulation.setCPUThrottlingRate', { rate: times }))
            .catch(() => {})) // closed again already
        return context
    }
    return browser
}

export async function makeContext(browser, base, shots, one) {
    const screen = one.options.phone ? PHONE : { viewport: { width: 1366, height: 768 } }
    const context = await browser.newContext({ baseURL: base, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', acceptDownloads: true, ...screen,
        ...(one.options.viewport && { viewport: one.options.viewport }) })
    context.setDefaultTimeout(30000)
    const page = await context.newPage()
    const problems = []
    const allowed = []
    const problem = text => { if (!allowed.some(a => a.test(text))) problems.push(text) }
    page.on('pageerror', e => problem(`script: ${e.message}`))
    page.on('console', m => { if (m.type() === 'error') problem(`console: ${m.text()}`) })
    page.on('response', r => { if (r.status() >= 500) problem(`${r.status()} ${r.url()}`) })
    return {
        page, context, base, problems, shots,
        expectProblem: pattern => allowed.push(pattern),
        goto: path => page.goto(path),
        shot: (name, options = {}) => page.screenshot({ path: join(shots, `${name}.png`), ...options }),
    }
}
