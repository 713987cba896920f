import { describe, expect, it } from '@jest/globals'
import { createSmtp } from '../../../lib/channels/smtp.ts'
import { taskCreateEvent } from '../../../lib/events/schemas/task.ts'
import { parseJson } from '../../../lib/parse.ts'
import { startLateMail } from '../../../local/trial/late-mail.ts'
import { ordinaryTask, stage, taskFor } from '../../../local/trial/messages.ts'
import { trialTenants } from '../../../local/trial/tenants.ts'

describe('the trial', () => {
  it('has a mail server that asks to come back later', async () => {
    const server = await startLateMail()
    try {
      const send = createSmtp(async () => server.url)
      const mail = { from: 'ecos@acme.example', to: 'jones@acme.example', subject: 'x', text: 'x' }
      expect(await send(mail, 'acme')).toEqual({
        outcome: 'transient',
        reason: 'SMTP 451 4.7.1 to RCPT TO',
      })
    } finally {
      await server.stop()
    }
  })

  it('tells one person of a task, and asks about tenants that it has', () => {
    const { told, late, flood } = stage
    const { tenant, type, body } = taskFor(told.tenant, told.username, told.task)
    const { data } = parseJson(body) as { data: object }
    expect(taskCreateEvent.parse({ ...data, type })).toMatchObject({
      taskTitle: told.task,
      taskPooledUsers: [told.username],
    })
    expect(trialTenants).toEqual(expect.arrayContaining([tenant, late.tenant, flood.tenant]))
    const tasks = trialTenants.map((id, at) => ordinaryTask(id, at).eventId)
    expect(new Set(tasks).size).toBe(40)
  })
})
