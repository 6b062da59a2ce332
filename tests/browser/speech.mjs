// A speech to be written: minutes become words at the speaker's pace, a text is begun from the task, its large-type copy is a PDF.
import { test, assert } from './harness.mjs'
import { signIn, data, overflow, items, SECRETARY } from './lib/office.mjs'

test('讲话任务：分钟数算出字数，新拟讲话稿，诵读稿', async t => {
    const { page } = t
    items({ verb: 'open', as: SECRETARY, kind: 'speech', fields: { occasion: '2026年质量大会', speaker: 'linyg', at: '2026-12-10 09:00', minutes: '20', audience: '项目经理，约80人' } })
    await signIn(page, SECRETARY)
    await page.goto('/speeches')
    let row = (await data(page, '/speeches')).rows.find(r => r.occasion === '2026年质量大会')
    assert.equal(row.words, 3600)
    assert.equal(row.pace, 180)
    assert.equal(row.may_begin, true)
    await page.click('tr:has-text("2026年质量大会") button')
    await page.waitForURL(/\/manuscripts\/\d+/)
    const path = new URL(page.url()).pathname
    const text = (await data(page, path)).text
    assert.match(text, /^版式：讲话稿\n讲话人：.+\n在2026年质量大会上的讲话\n（2026年12月10日）\n\n同志们：\n【开场】/)
    row = (await data(page, '/speeches')).rows.find(r => r.occasion === '2026年质量大会')
    assert.equal(row.texts.length, 1)
    assert.match(row.compare, /^少 \d+ 字，约 \d+分钟$/)
    assert.equal(row.off, true)
    const pdf = await page.request.get(`${path}/reading`)
    assert.equal(pdf.status(), 200)
    assert.equal((await pdf.body()).subarray(0, 5).toString(), '%PDF-')
    await page.goto('/speeches')
    assert.ok(await overflow(page) <= 0)
    await page.screenshot({ path: `${t.shots}/speeches.png` })
    await page.goto('/items/new?kind=speech')
    await page.screenshot({ path: `${t.shots}/speech-new.png`, fullPage: true })
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto('/speeches')
    assert.ok(await overflow(page) <= 0)
    await page.screenshot({ path: `${t.shots}/phone-speeches.png` })
})
