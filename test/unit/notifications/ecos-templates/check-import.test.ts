import { describe, expect, it } from '@jest/globals'
import { checkImport } from '../../../../lib/notifications/ecos-templates/check-import.ts'
import { importTemplates } from '../../../../lib/notifications/ecos-templates/import-templates.ts'
import { checkTemplates } from '../../../../lib/notifications/templates/check.ts'
import { readBuiltIn } from '../../../../lib/notifications/templates/files.ts'
import { options, read, told } from './folders.ts'

describe('the check of an import', () => {
  const importGood = () => importTemplates(read('good'), options)

  it('accepts what is imported', () => {
    const made = importGood()
    expect(checkTemplates({ ...readBuiltIn(), ...made.files }, [])).toEqual([])
    expect(checkImport(made, readBuiltIn(), {})).toEqual(made)
  })

  it('refuses a pattern of dates that has no counterpart, which would fail with each date', () => {
    const files = {
      ...read('good'),
      'a.ftl': `<p>\${due?date?string("SSS")}</p>`,
      'a.ftl.meta.yml': 'id: a\nnotificationTitle: Hi\nmodel: { due: dueDate }',
    }
    const { imported, refused, ...made } = checkImport(
      importTemplates(files, options),
      readBuiltIn(),
      {},
    )
    // Of the others, nothing is lost.
    expect(imported).toEqual(importGood().imported)
    expect(made.files).toEqual(importGood().files)
    expect(refused.map(told)).toContain(
      '_all/a/any.ru.liquid:3:1: as translated: date_format has no field "SSS"',
    )
  })

  it('refuses a template that does not suit the events that it is for', () => {
    const made = importGood()
    const suited = checkImport(made, readBuiltIn(), { type: 'record-changed' })
    expect(suited.imported).toEqual(['leave-approved'])
    expect(Object.keys(suited.files).some((path) => path.includes('task-push'))).toBe(false)
    expect(suited.refused.map(told)).toEqual([
      expect.stringMatching(/^task-push: .*does not suit record-changed/),
    ])
    expect(checkImport(made, readBuiltIn(), { type: 'task.assign' }).refused).toEqual([])
  })

  it('tells nothing of templates that were there before', () => {
    const known = { ...readBuiltIn(), '_all/broken/any.ru.liquid': 'T\n\n{% if' }
    expect(checkImport(importGood(), known, {}).refused).toEqual([])
  })

  it('looks at the templates of the tenant that they are for', () => {
    const meta = 'id: a\nnotificationTitle: Hi\nmodel: { due: dueDate }'
    const files = { 'a.ftl': `<p>\${due?date?string("SSS")}</p>`, 'a.ftl.meta.yml': meta }
    const made = importTemplates(files, { ...options, scope: 'acme' })
    const { imported, refused } = checkImport(made, readBuiltIn(), { tenant: 'acme' })
    expect(imported).toEqual([])
    expect(refused[0]?.place).toMatch(/^acme\/a\/any\.ru/)
  })
})
