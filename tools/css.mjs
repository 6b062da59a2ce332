// Each class belongs to one sheet of web/css: a selector that begins with another sheet's class would restyle its pages unseen (all
// sheets but the first view's are one file for the browser). Shared classes live in base.css; narrow.css, phone.css and print.css are layers over all parts.
//   node tools/css.mjs
import { readdirSync, readFileSync } from 'node:fs'

const shared = new Set(['app.css', 'more.css', 'base.css', 'narrow.css', 'phone.css', 'print.css'])
const owners = new Map()
let bad = 0
for (const file of readdirSync('web/css').filter(f => f.endsWith('.css') && !shared.has(f))) {
    const text = readFileSync(`web/css/${file}`, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
    for (const [, selectors] of text.matchAll(/([^{}]+)\{/g))
        for (const one of selectors.split(',')) {
            // a class alone at the head of a selector, not narrowed by another one: .op p, .op + .op, .op::before
            const m = /^\s*\.([\w-]+)(?![\w.-])/.exec(one)
            if (m && !(owners.get(m[1]) ?? new Set()).has(file)) owners.set(m[1], (owners.get(m[1]) ?? new Set()).add(file))
        }
}
const base = readFileSync('web/css/base.css', 'utf8')
for (const [name, files] of owners) {
    if (files.size < 2 || new RegExp(`\\.${name}[\\s{:,.]`).test(base)) continue
    console.log(`.${name} is styled in ${[...files].join(' and ')}: rename one, or move it to base.css`)
    bad = 1
}
process.exit(bad)
