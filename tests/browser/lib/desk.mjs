// The drafting desk as the tests use it: one person at it, two in one manuscript, each in a browser of his own.
import { CHIEF, SECRETARY, signIn } from './office.mjs'

export const BODY = '关于加强值班的通知\n各部门：\n一、每日报告。\n二、领导带班。\n三、及时处置。\n'
export const doc = page => page.evaluate(() => document.querySelector('.desk').desk.view.state.doc.toString())
export const seen = (page, words) => page.waitForFunction(w => document.querySelector('.dk').textContent.includes(w), words)
export const said = (page, re) => page.waitForFunction(s => new RegExp(s).test(document.querySelector('.dk-say').textContent), re.source)
export const settled = page => page.waitForFunction(() => document.querySelector('.desk').dataset.unsent === '0')

export async function person(t, login, options = {}) {
    const context = await t.context.browser().newContext({ baseURL: t.base, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport: { width: 1366, height: 768 }, ...options })
    const page = await context.newPage()
    page.on('pageerror', e => t.problems.push(`${login}: ${e.message}`))
    await signIn(page, login)
    return page
}
export async function open(page, path) {
    await page.goto(path)
    await page.waitForSelector('.desk-on .cm-content')
    await page.waitForFunction(() => !/正在取/.test(document.querySelector('[data-pane=notes]')?.textContent ?? '正在取'))
}

/** A manuscript of the secretary, and the chief at it in another browser: to read, or to write. */
export async function two(t, writes = false, text = BODY) {
    const a = t.page
    await signIn(a, SECRETARY)
    await a.goto('/manuscripts/new')
    await a.fill('main [name=title]', '关于加强值班的通知')
    await a.click('main button.go')
    await a.waitForURL(/manuscripts\/\d+$/)
    const path = new URL(a.url()).pathname
    await a.waitForSelector('.desk-on .cm-content')
    await a.keyboard.press('Control+a')
    await a.keyboard.insertText(text)
    await a.keyboard.press('Control+s')
    await a.waitForFunction(() => document.querySelector('.desk').dataset.unsent === '0' && document.querySelector('.desk').dataset.seq !== '0')
    const csrf = await a.inputValue('form[action$=people] [name=csrf]')
    await a.request.post(`${path}/people`, { form: { csrf, who: CHIEF, ...(writes ? { writes: '1' } : {}) } })
    const b = await person(t, CHIEF)
    await open(b, path)
    return { a, b, path }
}

/** Select some words of the text, as one does with the mouse or with shift. */
export async function select(page, words) {
    await page.evaluate(w => {
        const v = document.querySelector('.desk').desk.view, at = v.state.doc.toString().indexOf(w)
        if (at < 0) throw new Error(`not in the text: ${w}`)
        v.focus()
        v.dispatch({ selection: { anchor: at, head: at + w.length }, scrollIntoView: true })
    }, words)
}
export async function comment(page, words, what) {
    await select(page, words)
    await page.keyboard.press('Alt+m')
    await page.fill('.nt-box textarea', what)
    await page.keyboard.press('Control+Enter')
    await page.waitForSelector('.nt-box', { state: 'detached' })
}
