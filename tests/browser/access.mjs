import { assert, test } from './harness.mjs'
import { ADMIN, AUDITOR, CHIEF, PASSWORD, STAFF, overflow, signIn } from './lib/office.mjs'

test('没有登录先到登录页，登录后回到要去的页', async t => {
    await t.goto('/library?genre=8')
    assert.match(t.page.url(), /\/login\?next=/)
    assert.match(await t.page.textContent('main'), /本系统严禁存储、处理国家秘密/)
    await t.page.fill('[name=login]', CHIEF)
    await t.page.fill('[name=password]', PASSWORD)
    await t.page.click('button.go')
    await t.page.waitForURL('**/library?genre=8')
    const cookie = (await t.context.cookies()).find(c => c.name === 'qianshao')
    assert.ok(cookie.httpOnly)
    assert.equal(cookie.sameSite, 'Strict')
    await t.shot('library-filtered')
})

test('退出登录后旧页面打不开', async t => {
    await signIn(t.page)
    await t.page.click('details.me summary')
    await t.page.click('text=退出登录')
    await t.page.waitForURL('**/login')
    await t.goto('/library')
    assert.match(t.page.url(), /\/login/)
})

test('连错五次锁定，密码对了也进不去，话说得明白', async t => {
    t.expectProblem(/403/)
    for (let i = 0; i < 6; i++) await signIn(t.page, 'lanty', 'wrong password')
    await signIn(t.page, 'lanty')
    assert.match(t.page.url(), /\/login/)
    assert.match(await t.page.textContent('.note.bad'), /锁定/)
    await t.shot('locked')
})

test('新账号：一次性密码只显示一次，首次登录必须修改', async t => {
    await signIn(t.page, ADMIN)
    await t.goto('/people')
    await t.page.fill('[name=name]', '试用人')
    await t.page.fill('[name=login]', 'shiyong')
    await t.page.click('button.go')
    const secret = await t.page.textContent('#secret')
    assert.ok(secret.length >= 10)
    await t.shot('one-time')
    await t.goto('/people')
    assert.equal(await t.page.$('#secret'), null)
    assert.match(await t.page.textContent('table'), /试用人/)
    await t.context.clearCookies()

    t.expectProblem(/400/)
    await signIn(t.page, 'shiyong', secret)
    assert.match(t.page.url(), /\/password$/)
    await t.goto('/library') // nothing else is open before
    assert.match(t.page.url(), /\/password$/)
    const change = async (fresh, again) => {
        await t.page.fill('[name=old]', secret)
        await t.page.fill('[name=new]', fresh)
        await t.page.fill('[name=again]', again)
        await t.page.click('button.go')
        await t.page.waitForLoadState()
    }
    await change('Fresh-Word-2026', 'Fresh-Word-2027')
    assert.match(await t.page.textContent('.note.bad'), /不一样/)
    await t.shot('password-forced')
    await change('Fresh-Word-2026', 'Fresh-Word-2026')
    assert.equal(new URL(t.page.url()).pathname, '/')
    assert.match(await t.page.textContent('.note.ok'), /密码已修改/)
})

test('停用的账号进不去', async t => {
    t.expectProblem(/403/)
    await signIn(t.page, ADMIN)
    await t.goto('/people')
    const row = t.page.locator('tr', { hasText: 'heyt' })
    await row.locator('summary').click()
    await row.locator('text=停用').last().click()
    await t.page.waitForLoadState()
    assert.match(await t.page.locator('tr', { hasText: 'heyt' }).textContent(), /已停用/)
    await t.context.clearCookies()
    await signIn(t.page, 'heyt')
    assert.match(t.page.url(), /\/login/)
})

test('没有权限的页说明白，不露内容', async t => {
    t.expectProblem(/403/)
    await signIn(t.page, STAFF)
    await t.goto('/people')
    assert.match(await t.page.textContent('.big'), /403[\s\S]*没有权限/)
    assert.equal((await t.page.request.get('/audit')).status(), 403)
    assert.equal((await t.page.request.get('/import')).status(), 403)
})

test('审计员看得到完好的链', async t => {
    await signIn(t.page, AUDITOR)
    await t.goto('/audit')
    assert.match(await t.page.textContent('.note.ok'), /链完好/)
    assert.match(await t.page.textContent('table'), /设置密码/)
    await t.shot('audit')
})

test('我的账号列出登录的地方，可以让别处退出', async t => {
    const other = await t.context.browser().newContext({ baseURL: t.base })
    const elsewhere = await other.newPage()
    await signIn(elsewhere, 'maiqs')
    await signIn(t.page, 'maiqs')
    await t.goto('/account')
    assert.match(await t.page.textContent('table'), /当前/)
    await t.page.click('text=让它退出')
    await t.page.waitForLoadState()
    await elsewhere.goto('/library')
    assert.match(elsewhere.url(), /\/login/)
    await other.close()
})

test('没有CSRF标记的提交和别的网站来的提交都不受理', async t => {
    await signIn(t.page)
    const form = { name: '不该有的类别' }
    assert.equal((await t.page.request.post('/categories', { form })).status(), 403)
    const csrf = await t.page.inputValue('form[action="/logout"] [name=csrf]')
    assert.equal((await t.page.request.post('/categories', { form: { ...form, csrf }, headers: { Origin: 'http://evil.example' } })).status(), 403)
    assert.equal((await t.page.request.post('/categories', { form: { ...form, csrf }, headers: { 'Sec-Fetch-Site': 'cross-site' } })).status(), 403)
    assert.doesNotMatch(await (await t.page.request.get('/categories')).text(), /不该有的类别/)
})

test('登录超时后提交，填写的内容还在，登录后接着交', async t => {
    t.expectProblem(/401/)
    await signIn(t.page)
    await t.goto('/categories')
    await t.page.fill('.cols form [name=name]', '超时前填的类别')
    await t.context.clearCookies()
    await t.page.click('text=添加')
    await t.page.waitForLoadState()
    assert.match(await t.page.textContent('.card'), /登录已超时[\s\S]*已保留/)
    await t.shot('relogin')
    await t.page.fill('[name=login]', CHIEF)
    await t.page.fill('[name=password]', PASSWORD)
    await t.page.click('button.go')
    await t.page.waitForLoadState()
    await t.page.click('button:has-text("继续提交")')
    await t.page.waitForURL('**/categories')
    assert.match(await t.page.textContent('table'), /超时前填的类别/)
})

test('手机上登录页不横向滚动', { phone: true }, async t => {
    await t.goto('/login')
    assert.ok(await overflow(t.page) <= 0)
    await t.shot('login-phone')
})
