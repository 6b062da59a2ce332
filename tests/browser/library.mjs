import { assert, test } from './harness.mjs'
import { CHIEF, SECRETARY, data, overflow, signIn } from './lib/office.mjs'

const LAW = '督查督办工作办法'

test('列表按条件筛选，翻页的总数一致，JSON同一网址', async t => {
    await signIn(t.page)
    const all = await data(t.page, '/library')
    assert.ok(all.pager.total >= 50)
    assert.equal(all.rows.length, Math.min(30, all.pager.total))
    assert.equal(typeof all.rows[0].id, 'string')
    const second = await data(t.page, '/library?page=2')
    assert.equal(second.rows.length, all.pager.total - 30)
    assert.equal(new Set([...all.rows, ...second.rows].map(r => r.id)).size, all.pager.total)
    const notices = await data(t.page, '/library?genre=8')
    assert.ok(notices.pager.total > 0 && notices.pager.total < all.pager.total)
    assert.ok(notices.rows.every(r => r.genre === '通知'))

    await t.goto('/library')
    await t.page.waitForFunction(() => !!window.htmx || document.querySelector('form[data-filters][hx-get]'))
    await t.page.selectOption('[name=genre]', '8')
    await t.page.waitForURL(/genre=8/)
    await t.page.waitForFunction(n => document.querySelectorAll('#results tbody tr').length === n, notices.rows.length)
    await t.shot('library')
})

test('列表：脚本到之前选的也筛；先问的答得晚，不盖住后问的；每选一次问一次', async t => {
    await signIn(t.page)
    let load
    const loaded = new Promise(done => { load = done })
    await t.page.route('**/live.js*', async route => { await loaded; await route.continue() })
    await t.page.goto('/library', { waitUntil: 'commit' })
    await t.page.selectOption('[name=genre]', '8')
    load()
    await t.page.waitForURL(/genre=8/)
    await t.page.goto('/library')
    await t.page.waitForSelector('form[data-filters][hx-get]')
    await t.page.waitForSelector('#results .pager a[hx-get]')
    // the second page, which takes its time, and a filter behind it
    let go
    const held = new Promise(done => { go = done }), asked = []
    t.page.on('request', r => { if (r.url().includes('/library?')) asked.push(new URL(r.url()).search) })
    await t.page.route('**/library?*page=2*', async route => { const answer = await route.fetch(); await held; await route.fulfill({ response: answer }) })
    const first = t.page.waitForRequest(/page=2/)
    await t.page.click('#results .pager a[hx-get]')
    await first
    await t.page.selectOption('[name=genre]', '8')
    go()
    await t.page.waitForURL(/genre=8/)
    await t.page.waitForFunction(() => [...document.querySelectorAll('#results tbody tr')].every(r => r.textContent.includes('通知')))
    await t.page.evaluate(() => new Promise(done => setTimeout(done, 300)))
    assert.match(t.page.url(), /genre=8/, 'what was asked last stands at last')
    assert.equal(await t.page.inputValue('[name=genre]'), '8')
    asked.length = 0
    await t.page.selectOption('[name=genre]', '')
    await t.page.waitForURL(u => !/genre=8/.test(u.href))
    await t.page.evaluate(() => new Promise(done => setTimeout(done, 300)))
    assert.equal(asked.length, 1, asked.join(' '))
})

test('检索：建议随打随出，命中加亮，总数与JSON相同', async t => {
    await signIn(t.page)
    await t.goto('/search')
    await t.page.locator('.bigfind input').pressSequentially('督查督', { delay: 30 })
    await t.page.waitForSelector('.bigfind .sug a')
    assert.match(await t.page.textContent('.bigfind .sug'), /督查督办/)
    await t.shot('suggest')
    await t.page.keyboard.press('ArrowDown')
    await t.page.keyboard.press('Enter')
    await t.page.waitForURL(/\/search\?q=/)
    const q = await t.page.inputValue('.bigfind input')
    assert.ok(q.startsWith('督查督'))
    const answer = await data(t.page, '/search?q=' + encodeURIComponent(q))
    assert.match(await t.page.textContent('#results header'), new RegExp(`${answer.pager.total}\\s*件，\\s*${answer.occurrences}\\s*处`))
    assert.equal(await t.page.locator('.hits mark').first().textContent(), q)
    await t.shot('search')
})

test('输入法组字时不出建议，也不触发快捷键', async t => {
    await signIn(t.page)
    await t.goto('/search')
    let asked = 0
    t.page.on('request', r => { if (r.url().includes('/search/suggest')) asked++ })
    const input = t.page.locator('.bigfind input')
    await input.evaluate(i => {
        i.focus()
        i.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }))
        i.value = 'ducha'
        i.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true }))
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true, isComposing: true }))
    })
    await t.page.waitForTimeout(400)
    assert.equal(asked, 0)
    assert.equal(await t.page.$('#keys'), null)
    await input.evaluate(i => { i.value = '督查'; i.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: '督查' })) })
    await t.page.waitForSelector('.bigfind .sug a')
    assert.ok(asked >= 1)
})

test('没有结果、检索式有误，都说明白', async t => {
    t.expectProblem(/400/)
    await signIn(t.page)
    await t.goto('/search?q=' + encodeURIComponent('绝不会有的词句甲乙'))
    assert.match(await t.page.textContent('.empty'), /没有找到[\s\S]*查不到不等于没有/)
    await t.goto('/search?q=' + encodeURIComponent('"没有关上的引号'))
    assert.ok((await t.page.textContent('main')).includes('没有关上的引号') || await t.page.$('.note.bad'))
    await t.shot('search-problem')
})

test('只有排除的条件也能列出；说明页上的例子在演示数据里都有结果', async t => {
    await signIn(t.page)
    const ask = async q => await data(t.page, '/search?q=' + encodeURIComponent(q))
    const all = (await data(t.page, '/library')).documents
    const of = (await ask('机关:省委办公厅')).pager.total, but = await ask('-机关:省委办公厅')
    assert.ok(of > 0 && but.pager.total > 0 && of + but.pager.total <= all)
    assert.ok(but.rows.every(r => !r.issuer.includes('省委办公厅')))
    assert.equal((await ask('非 机关:省委办公厅')).pager.total, but.pager.total)
    await t.goto('/help')
    const examples = await t.page.$$eval('dl.kv a[href^="/search"]', a => a.map(x => x.getAttribute('href')))
    assert.ok(examples.length >= 5)
    for (const href of examples) assert.ok((await data(t.page, href)).pager.total > 0, decodeURIComponent(href))
    await t.shot('help')
})

test('阅读：命中加亮并可跳到，大纲、元数据出处、引用、下载名', async t => {
    await signIn(t.page)
    const found = await data(t.page, '/search?q=' + encodeURIComponent(LAW))
    const row = found.rows.find(r => /印发《督查督办工作办法》/.test(r.title))
    await t.goto(row.link)
    assert.ok(await t.page.locator('#doc mark').count() > 0)
    assert.ok(await t.page.locator('#hit1').isVisible())
    const doc = await data(t.page, '/library/' + row.id)
    assert.equal(doc.docno, '云山发〔2025〕30号')
    assert.ok(doc.outline.length > 3)
    assert.ok(doc.sources.some(s => s.label === '文号' && s.anchor))
    assert.ok(doc.cites.length > 0)
    await t.shot('document')
    const [download] = await Promise.all([t.page.waitForEvent('download'), t.page.click('text=下载原件')])
    assert.match(download.suggestedFilename(), /督查督办工作办法.*20250620\.docx$/)
})

test('打印：没有导航和按钮，标题和来源在上面，检索页有检索词', async t => {
    await signIn(t.page)
    const row = (await data(t.page, '/search?q=' + encodeURIComponent(LAW))).rows[0]
    await t.page.emulateMedia({ media: 'print' })
    await t.goto('/library/' + row.id)
    for (const gone of ['.top', '.tabs', '.foot', 'aside .panel', '.btn >> nth=0'])
        assert.equal(await t.page.locator(gone).first().isVisible(), false, gone)
    assert.match(await t.page.locator('.source-line').innerText(), /来源：前哨资料库，原文件“.+”/)
    await t.page.pdf({ path: 'build/browser/print-document.pdf', preferCSSPageSize: true })
    await t.goto('/search?q=' + encodeURIComponent(LAW))
    assert.ok(await t.page.locator('.print-only h1').isVisible())
    assert.equal(await t.page.locator('.filters').isVisible(), false)
    await t.page.pdf({ path: 'build/browser/print-search.pdf', preferCSSPageSize: true })
})

test('改元数据：第二个人得知改了什么，填写的不丢', async t => {
    t.expectProblem(/409/)
    await signIn(t.page)
    const found = await data(t.page, '/search?q=' + encodeURIComponent('建材产业园项目'))
    const id = found.rows[0].id
    const other = await t.context.browser().newContext({ baseURL: t.base })
    const second = await other.newPage()
    await signIn(second, SECRETARY)
    await second.goto(`/library/${id}/edit`)
    await t.goto(`/library/${id}/edit`)
    await t.page.fill('[name=addressee]', '集团公司')
    await t.page.click('button.go:has-text("保存")')
    await t.page.waitForURL('**/library/' + id)
    assert.match(await t.page.textContent('.note.ok'), /已保存/)
    await second.fill('[name=docno]', '云建材〔2025〕99号')
    await second.click('button.go:has-text("保存")')
    await second.waitForLoadState()
    assert.match(await second.textContent('main'), /别人刚刚的修改[\s\S]*集团公司/)
    assert.equal(await second.inputValue('[name=docno]'), '云建材〔2025〕99号')
    await second.screenshot({ path: 'build/browser/conflict.png' })
    await second.click('button.go:has-text("保存")')
    await second.waitForURL('**/library/' + id)
    const both = await data(t.page, '/library/' + id)
    assert.equal(both.docno, '云建材〔2025〕99号')
    assert.equal(both.addressee, '集团公司') // the first person's change was not undone
    await other.close()
})

test('取代它的文件：输几个字从列出的里选；认不出的说明白，写全的没有脚本也认得', async t => {
    t.expectProblem(/400/)
    await signIn(t.page)
    const rows = (await data(t.page, '/search?q=' + encodeURIComponent('标题:督查督办工作指引'))).rows
    const old = rows.find(r => /试行/.test(r.title)), now = rows.find(r => !/试行/.test(r.title))
    const field = t.page.locator('[name=superseded_text]')
    await t.goto(`/library/${old.id}/edit`)
    await field.fill('')
    await t.page.click('button.go:has-text("保存")')
    await t.page.waitForURL('**/library/' + old.id)
    assert.equal((await data(t.page, '/library/' + old.id)).superseded_title, '')
    await t.goto(`/library/${old.id}/edit`)
    await field.pressSequentially('督办 指引')
    await t.page.waitForSelector('.pickbox .sug a')
    await t.shot('pick')
    await t.page.locator('.pickbox .sug a', { hasText: now.docno }).click()
    assert.equal(await t.page.inputValue('[name=superseded_by]'), now.id)
    await t.page.click('button.go:has-text("保存")')
    await t.page.waitForURL('**/library/' + old.id)
    assert.equal((await data(t.page, '/library/' + old.id)).superseded_title, now.title)
    await t.goto(`/library/${old.id}/edit`)
    assert.match(await field.inputValue(), /督查督办工作指引.*云岭国资发〔2024〕9号/)
    for (const [typed, says] of [['督办', /有\d+份/], ['没有这样的标题', /没有标题或文号/]]) {
        await field.fill(typed)
        await t.page.keyboard.press('Escape')
        await t.page.click('button.go:has-text("保存")')
        await t.page.waitForSelector('.note.bad')
        assert.match(await t.page.textContent('.note.bad'), says)
        assert.equal(await field.inputValue(), typed)
    }
    await field.fill(now.docno) // the number alone says which
    await t.page.keyboard.press('Escape')
    await t.page.click('button.go:has-text("保存")')
    await t.page.waitForURL('**/library/' + old.id)
    assert.equal((await data(t.page, '/library/' + old.id)).superseded_title, now.title)
})

test('日期不存在的不保存，说明白', async t => {
    t.expectProblem(/400/)
    await signIn(t.page)
    const id = (await data(t.page, '/library')).rows[3].id
    await t.goto(`/library/${id}/edit`)
    await t.page.fill('[name=day]', '2025-02-30')
    await t.page.click('button.go:has-text("保存")')
    await t.page.waitForLoadState()
    assert.ok(await t.page.isVisible('.note.bad'))
    assert.equal(await t.page.inputValue('[name=day]'), '2025-02-30')
})

test('版本对照：条对条，改动的字标出，可显示全文', async t => {
    await signIn(t.page)
    const rows = (await data(t.page, '/search?q=' + encodeURIComponent('印发《督查督办工作办法'))).rows
    const newer = rows.find(r => r.day.startsWith('2025')), older = rows.find(r => r.day.startsWith('2022'))
    await t.goto(`/compare?a=${newer.id}&b=${older.id}`)
    assert.match(await t.page.textContent('thead th:first-child'), /2022/) // the older stands left
    assert.ok(await t.page.locator('.cmp ins').count() > 3 && await t.page.locator('.cmp del').count() > 3)
    await t.shot('compare')
    const [redline] = await Promise.all([t.page.waitForEvent('download'), t.page.click('text=下载红线稿')])
    assert.match(redline.suggestedFilename(), /督查督办工作办法.*（红线稿）2025\d{4}\.docx$/)
    const folded = await t.page.locator('.cmp tbody tr').count()
    await t.page.click('text=显示全文')
    await t.page.waitForURL(/all=1/)
    assert.ok(await t.page.locator('.cmp tbody tr').count() >= folded)
})

test('版本组：次序可改，去掉一份，确认后按新次序成版本', async t => {
    await signIn(t.page)
    await t.goto('/editions')
    const group = t.page.locator('form.panel', { hasText: '2018年工作总结' }).first()
    const names = await group.locator('tbody tr td.title').allTextContents()
    assert.ok(names.length >= 3)
    const ids = await group.locator('[name=doc]').evaluateAll(list => list.map(i => i.value))
    await group.locator('[name=doc]').nth(0).uncheck()
    await group.locator(`[name="at.${ids[1]}"]`).fill('9') // the second becomes the last
    await t.shot('editions')
    await group.locator('text=确认版本').click()
    await t.page.waitForURL('**/editions')
    assert.match(await t.page.textContent('.note.ok'), /版本已确认/)
    const doc = await data(t.page, '/library/' + ids[1])
    assert.deepEqual(doc.editions.map(v => v.id), [...ids.slice(2), ids[1]])
    assert.ok(doc.editions.every(v => v.confirmed))
})

test('订阅以后能退订，重复订阅说明白', async t => {
    t.expectProblem(/409/)
    await signIn(t.page, 'maiqs')
    await t.goto('/subscriptions')
    const add = async () => {
        await t.page.check('[name=kind][value=word]')
        await t.page.fill('input[name=value]', '安全生产')
        await t.page.click('button.go:has-text("订阅")')
        await t.page.waitForLoadState()
    }
    await add()
    assert.match(await t.page.textContent('.list'), /安全生产/)
    await add()
    assert.ok(await t.page.isVisible('.note.bad'))
    await t.shot('subscriptions')
    await t.page.click('text=退订')
    await t.page.waitForLoadState()
    assert.match(await t.page.textContent('.list'), /没有订阅/)
})

test('没有订阅的人在门户点一下就订上，新到的马上列出', async t => {
    await signIn(t.page, 'songyj')
    await t.goto('/')
    assert.equal((await data(t.page, '/')).subscribed, false)
    await t.shot('portal-offers')
    await t.page.click('.offers button >> nth=0')
    await t.page.waitForLoadState()
    assert.equal(new URL(t.page.url()).pathname, '/')
    const portal = await data(t.page, '/')
    assert.ok(portal.subscribed && portal.news_total > 0)
    await t.context.clearCookies()
    await signIn(t.page, CHIEF)
    assert.ok((await data(t.page, '/')).news_total > 0, '演示人员有订阅')
    const some = (await data(t.page, '/library')).filters.categories
    assert.ok(some.length > 5)
    assert.ok((await data(t.page, '/library?category=' + some.find(c => c.name === '制度汇编').value)).pager.total > 0)
})

test('键盘：/ 检索，j k 选行，Enter 打开，? 看说明', async t => {
    await signIn(t.page)
    await t.goto('/library')
    await t.page.keyboard.press('j')
    await t.page.keyboard.press('j')
    assert.equal(await t.page.locator('tbody tr.at').count(), 1)
    const want = await t.page.locator('tbody tr.at a').first().getAttribute('href')
    await t.page.keyboard.press('?')
    assert.ok(await t.page.isVisible('#keys'))
    await t.shot('keys')
    await t.page.keyboard.press('Escape')
    await t.page.keyboard.press('Enter')
    await t.page.waitForURL('**' + want)
    await t.page.keyboard.press('/')
    assert.ok(await t.page.evaluate(() => document.activeElement.matches('[data-main-search]')))
    await t.page.keyboard.type('jk?')
    assert.equal(await t.page.inputValue('[data-main-search]'), 'jk?')
})

test('各页在手机上不横向滚动', { phone: true, timeout: 60000 }, async t => {
    await signIn(t.page, CHIEF)
    const id = (await data(t.page, '/search?q=' + encodeURIComponent(LAW))).rows[0].id
    for (const path of ['/', '/library', '/search?q=' + encodeURIComponent('督办'), `/library/${id}`, `/library/${id}/edit`, '/import',
        '/held', '/editions', '/subscriptions', '/categories', '/account', '/help', '/check', '/rules', '/supervision', '/meetings']) {
        await t.goto(path)
        assert.ok(await overflow(t.page) <= 0, `${path} is wider than the screen`)
    }
    await t.shot('phone')
})

test('首屏压缩后不超过25 KB', async t => {
    await signIn(t.page)
    const session = await t.context.newCDPSession(t.page)
    await session.send('Network.enable')
    await session.send('Network.setCacheDisabled', { cacheDisabled: true })
    const sizes = new Map(), names = new Map()
    session.on('Network.responseReceived', e => names.set(e.requestId, e.response.url))
    session.on('Network.loadingFinished', e => sizes.set(e.requestId, e.encodedDataLength))
    await t.goto('/')
    await t.page.waitForTimeout(300)
    const total = [...sizes.values()].reduce((a, b) => a + b, 0)
    assert.ok(total <= 25 * 1024, `${total} bytes: ${[...names].map(([id, url]) => `${new URL(url).pathname} ${sizes.get(id)}`).join(', ')}`)
})
