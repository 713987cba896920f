import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { Ajv } from 'ajv'
import { webhookSchema } from '../../../build/webhook-schema.ts'
import { webhookPayload } from '../../../lib/channels/webhook-payload.ts'
import { eventTypes, sampleData } from '../../../lib/events/catalogue.ts'
import { readBuiltIn } from '../../../lib/notifications/templates/files.ts'
import { createRender } from '../../../lib/notifications/templates/render.ts'
import { message } from './message.ts'

const schema = JSON.parse(readFileSync('docs/webhook.schema.json', 'utf8'))
const isValid = new Ajv({ formats: { 'date-time': true } }).compile(schema)
const render = createRender(readBuiltIn(), () => ({ webUrl: 'https://ecos.acme.example' }))

describe('the body of a webhook', () => {
  it('is described as it is read', () => expect(schema).toEqual(JSON.parse(webhookSchema())))

  it.each(eventTypes)('of %s fits its description', (type) => {
    const reader = { tenant: 'acme', channel: 'webhook', customData: {} } as const
    const content = render({ type }, sampleData(type), reader)
    const body = webhookPayload(message({ ...content, eventType: type }), new Date())
    expect(isValid(body) || isValid.errors).toBe(true)
    expect(body.data.links.web).toBe('https://ecos.acme.example')
  })

  it('of a digest has prose alone', () => {
    const body = webhookPayload(message(), new Date())
    expect(isValid(body)).toBe(true)
    expect(body.data).toMatchObject({ schemaVersion: 1, task: null, links: { record: null } })
  })
})
