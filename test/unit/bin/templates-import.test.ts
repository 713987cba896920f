// biome-ignore-all lint/suspicious/noTemplateCurlyInString: FreeMarker's values look like JavaScript's
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'

// Each test starts a process or two.
jest.setTimeout(300_000)

let own: string
beforeAll(async () => {
  own = await mkdtemp(join(tmpdir(), 'ecos-import-'))
})
afterAll(() => rm(own, { recursive: true }))

function importing(folder: string, ...args: string[]) {
  return importingAs('C.UTF-8', join('test/fixtures/ecos-templates', folder), ...args)
}

function importingAs(locale: string, artifacts: string, ...args: string[]) {
  const env = { ...process.env, NODE_OPTIONS: '', LC_ALL: locale }
  const command = ['bin/ecos-eventbridge.mjs', 'templates', 'import', artifacts]
  const all = [...command, '--templates', own, ...args]
  return promisify(execFile)(process.execPath, all, { env })
}
const config = ['--config', 'app/leave$help-email=help@acme.example']

describe('templates import', () => {
  it('refuses a folder with all its faults, and writes nothing', async () => {
    const failed = await importing('bad').catch((error: unknown) => error)
    expect(failed).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /bad\/a\/first\.html\.ftl:1:6: refused: "nobody" is neither(.|\n)*bad\/b\/lonely\.html\.ftl: refused: has no \.meta\.yml/,
      ),
    })
    expect(await readdir(own)).toEqual([])
    const { stdout } = await importing('bad', '--skip-refused', '--dry-run')
    expect(stdout).toContain('Would import 1 templates as 2 files')
    expect(await readdir(own)).toEqual([])
  })

  it('tells in Russian what is refused, also files that can not be read', async () => {
    const artifacts = await mkdtemp(join(tmpdir(), 'ecos-artifacts-'))
    const files = {
      'a.ftl': '${nobody} ${1 + } ${s?matches("a")}',
      'a.ftl.meta.yml': 'id: a\nnotificationTitle: T\nmodel: { s: s, parts: 1 }\n',
      'b.ftl': Buffer.from('cff0e8e2e5f2', 'hex'),
      'b.ftl.meta.yml': 'id: b\nnotificationTitle: T\n',
      'c.ftl': 'a'.repeat(400_001),
      'c.ftl.meta.yml': 'id: c\nnotificationTitle: T\n',
      'd.ftl': '${nobody} ${1 + } ${s?matches("a")}',
      'd.ftl.meta.yml': 'id: parts\nnotificationTitle: T\nmodel: { s: s }\n',
    }
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(artifacts, name), content)
    }
    const failed = (await importingAs('ru_RU.UTF-8', artifacts).catch((error) => error)) as {
      stderr: string
    }
    await rm(artifacts, { recursive: true })
    expect(failed.stderr.replaceAll(`${artifacts}/`, '').trim().split('\n')).toEqual([
      'a.ftl:1:17: отвергнуто: здесь должно быть значение',
      'a.ftl.meta.yml:3:23: отвергнуто: model.parts: Invalid input: expected string, received number',
      'b.ftl: отвергнуто: не в UTF-8: перекодируйте',
      'c.ftl: отвергнуто: занимает 400001 байт: в шаблоне не больше 100000 символов',
      'd.ftl:1:17: отвергнуто: здесь должно быть значение',
      'd.ftl.meta.yml:1:5: отвергнуто: id: так называется папка частей шаблонов: задайте другой id',
      'Ничего не записано: исправьте отвергнутое или добавьте --skip-refused',
    ])
  })

  it('writes what it says, and does not overwrite what somebody changed', async () => {
    const { stderr, stdout } = await importing('good', '--tenant', 'acme', ...config)
    expect(stderr).toContain('customData.approvedBy was $process.approver in ECOS')
    expect(stdout).toContain('task-push asks for ?disp')
    expect(stdout).toContain(`Imported 2 templates as 5 files in ${join(own, 'acme')}\n`)
    const file = join(own, 'acme', 'task-push', 'any.ru.liquid')
    const text =
      'Новая задача: {{ event.taskTitle }}\n\n{{ event.attributes["?disp"] | default: document | default: "" }}\n'
    expect(await readFile(file, 'utf8')).toBe(text)
    await importing('good', '--tenant', 'acme', ...config)

    await writeFile(file, 'Своё\n')
    const again = importing('good', '--tenant', 'acme', ...config)
    await expect(again).rejects.toMatchObject({
      stderr: expect.stringContaining(`${file}: refused: is there already, and differs`),
    })
    expect(await readFile(file, 'utf8')).toBe('Своё\n')
    // HTML and a language that the artifact no longer has; what is for one channel is the operator's own.
    const folder = join(own, 'acme', 'task-push')
    const old = ['any.en.liquid', 'any.ru.html.liquid'].map((name) => join(folder, name))
    const kept = join(folder, 'sms.ru.liquid')
    for (const path of [...old, kept]) await writeFile(path, 'Old\n')
    const third = importing('good', '--tenant', 'acme', ...config)
    await expect(third).rejects.toMatchObject({
      stderr: expect.stringContaining(`${old[1]}: refused: is not in the artifact`),
    })
    const replaced = await importing('good', '--tenant', 'acme', '--replace', ...config)
    for (const path of old) expect(replaced.stdout).toContain(`Removed ${path}\n`)
    expect(await readFile(file, 'utf8')).toBe(text)
    expect((await readdir(folder)).sort()).toEqual(['any.ru.liquid', 'sms.ru.liquid'])
  })
})
