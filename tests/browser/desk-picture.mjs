// Pictures at the desk: chosen, pasted and dropped they stand in the text and on the page; the list, taking one away.
import { deflateSync, crc32 } from 'node:zlib'
import { assert, test } from './harness.mjs'
import { data, overflow, signIn } from './lib/office.mjs'

/** A grey PNG with a dark frame. */
function png(wide, high) {
    const rows = Buffer.alloc((wide + 1) * high, 0xd8)
    for (let y = 0; y < high; y++) {
        rows[y * (wide + 1)] = 0
        for (let x = 0; x < wide; x++) if (x < 6 || y < 6 || x >= wide - 6 || y >= high - 6) rows[y * (wide + 1) + 1 + x] = 0x40
    }
    const chunk = (type, body) => {
        const out = Buffer.alloc(12 + body.length)
        out.writeUInt32BE(body.length, 0)
        out.write(type, 4, 'latin1')
        body.copy(out, 8)
        out.writeUInt32BE(crc32(out.subarray(4, 8 + body.length)), 8 + body.length)
        return out
    }
    const head = Buffer.alloc(13)
    head.writeUInt32BE(wide, 0)
    head.writeUInt32BE(high, 4)
    head.set([8, 0, 0, 0, 0], 8)
    return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

async function draft(t) {
    await signIn(t.page)
    await t.goto('/manuscripts/new')
    await t.page.fill('main [name=title]', '关于调整组织架构的通知')
    await t.page.click('main button.go')
    await t.page.waitForURL(/manuscripts\/\d+$/)
    await t.page.waitForSelector('.desk-on .cm-content')
    await t.page.keyboard.press('Control+a')
    await t.page.keyboard.insertText('关于调整组织架构的通知\n各部门：\n调整后的组织架构如下。\n')
    return new URL(t.page.url()).pathname
}
const text = t => t.page.evaluate(() => document.querySelector('.desk').desk.view.state.doc.toString())
const choose = (t, name, wide = 640, high = 360) => t.page.setInputFiles('.dk-acts input[type=file]', { name, mimeType: 'image/png', buffer: png(wide, high) })
const inText = (t, name) => t.page.waitForFunction(n => document.querySelector('.desk').desk.view.state.doc.toString().includes(`[图：${n}]`), name)

/** Files as a clipboard or a drag brings them. */
const bring = (t, event, wide, high) => t.page.evaluate(([type, bytes]) => {
    const d = new DataTransfer(), where = document.querySelector('.cm-content'), r = where.getBoundingClientRect()
    d.items.add(new File([new Uint8Array(bytes)], type === 'paste' ? 'image.png' : '现场.png', { type: 'image/png' }))
    where.dispatchEvent(type === 'paste'
        ? new ClipboardEvent('paste', { clipboardData: d, bubbles: true, cancelable: true })
        : new DragEvent('drop', { dataTransfer: d, clientX: r.left + 80, clientY: r.top + 20, bubbles: true, cancelable: true }))
}, [event, [...png(wide, high)]])

test('插图：放进正文，版面上就有，图题在下面', async t => {
    const path = await draft(t)
    await choose(t, '组织架构图.png')
    await inText(t, '组织架构图')
    await t.page.keyboard.insertText('图1　调整后的组织架构\n请遵照执行。\n')
    await t.page.waitForFunction(() => document.querySelector('.pg-sheet svg image') && document.querySelector('.pg-sheet svg').textContent.includes('请遵照执行'))
    const at = await t.page.evaluate(() => {
        const box = e => e.getBoundingClientRect(), sheet = document.querySelector('.pg-sheet svg'), image = sheet.querySelector('image')
        const caption = [...sheet.querySelectorAll('text')].find(x => x.textContent.includes('图1'))
        const s = box(sheet), i = box(image)
        return { middle: (i.left + i.right) / 2 - (s.left + s.width * (28 + 78) / 210), under: box(caption).top - i.bottom, wide: i.width / s.width * 210, href: image.getAttribute('href') }
    })
    assert.ok(Math.abs(at.middle) < 1, `in the middle: ${at.middle}`)
    assert.ok(Math.abs(at.wide - 640 / 150 * 25.4) < 0.5, `wide: ${at.wide} mm`)
    assert.ok(at.under > -1, `the caption is under it: ${at.under}`)
    assert.ok(await t.page.evaluate(async href => (await fetch(href)).headers.get('content-type'), at.href) === 'image/png')
    await t.shot('desk-picture')
    assert.ok(await overflow(t.page) <= 0)

    await t.goto(path + '/files')
    assert.match(await t.page.textContent('main'), /组织架构图/)
    assert.equal(await t.page.locator('button:has-text("撤下")').count(), 0, 'what the text names is not taken away')
    await t.page.setInputFiles('main input[type=file]', { name: '备用.png', mimeType: 'image/png', buffer: png(300, 300) })
    await t.page.click('text=传上来')
    await t.page.waitForSelector('text=还没有写')
    await t.shot('desk-pictures')
    await t.page.click('button:has-text("撤下")')
    await t.page.waitForFunction(() => !document.querySelector('main').textContent.includes('备用'))
    assert.equal((await data(t.page, path + '/files')).rows.length, 1)
})

test('图传得慢：放在选图时的那一行，接着写的人不被带走', async t => {
    const path = await draft(t)
    let go
    const held = new Promise(done => { go = done })
    await t.page.route(`**${path}/files`, async route => { await held; await route.continue() })
    const asked = t.page.waitForRequest(r => r.url().endsWith('/files'))
    await choose(t, '架构.png')
    await asked
    await t.page.evaluate(() => {
        const v = document.querySelector('.desk').desk.view
        v.focus()
        v.dispatch({ selection: { anchor: v.state.doc.line(2).to - 1 } })
    })
    await t.page.keyboard.insertText('、各')
    await t.page.focus('.dk-rows .in >> nth=1')
    go()
    await inText(t, '架构')
    assert.equal(await text(t), '关于调整组织架构的通知\n各部门、各：\n调整后的组织架构如下。\n[图：架构]\n')
    await t.page.waitForFunction(() => document.querySelector('.dk-say').textContent.includes('放进来了'))
    assert.ok(await t.page.evaluate(() => document.activeElement.closest('.dk-rows')), 'the cursor stays in the field')
    await t.page.evaluate(() => document.querySelector('.desk').desk.view.focus())
    await t.page.keyboard.insertText('单位')
    assert.match(await text(t), /\n各部门、各单位：\n/)
})

test('图片可以贴、可以拖，不是图片的说明原因', async t => {
    await draft(t)
    await bring(t, 'paste', 300, 200)
    await inText(t, '图1')
    await bring(t, 'drop', 300, 200)
    await inText(t, '现场')
    const lines = (await text(t)).split('\n')
    assert.ok(lines.includes('[图：图1]') && lines.includes('[图：现场]'), 'each in a line of its own')
    t.expectProblem(/409/)
    await choose(t, '现场.png')
    await t.page.waitForFunction(() => document.querySelector('.dk-say').textContent.includes('已经有一幅叫“现场”的图片'))
    t.expectProblem(/400/)
    await t.page.setInputFiles('.dk-acts input[type=file]', { name: '坏.png', mimeType: 'image/png', buffer: Buffer.from('no picture') })
    await t.page.waitForFunction(() => document.querySelector('.dk-say').textContent.includes('不是 png 或 jpg'))
})

test('手机上的图片清单不左右滚动', { phone: true }, async t => {
    await signIn(t.page)
    await t.goto('/manuscripts/new')
    await t.page.fill('main [name=title]', '关于调整组织架构的通知')
    await t.page.click('main button.go')
    await t.page.waitForURL(/manuscripts\/\d+$/)
    await t.goto(new URL(t.page.url()).pathname + '/files')
    await t.page.setInputFiles('main input[type=file]', { name: '一张名字起得比较长的组织架构调整前后对照图.png', mimeType: 'image/png', buffer: png(900, 500) })
    await t.page.click('text=传上来')
    await t.page.waitForSelector('.msthumb img')
    const wide = await t.page.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(wide <= 391, `${wide}`)
    await t.shot('desk-pictures-phone')
})
