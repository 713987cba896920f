import { describe, expect, it, jest } from '@jest/globals'
import { parseBusEvent, readData } from '../../../lib/events/bus-event.ts'
import { taskEvent } from '../../../lib/events/schemas.ts'

const data = { type: 'task.create', taskTitle: 'Счёт' }

describe('what comes from the bus', () => {
  const detail = {
    specversion: '1.0',
    id: 'e1',
    source: '/ecos/tenants/acme',
    type: 'task.create',
    tenantid: 'acme',
    datacontenttype: 'application/json',
    time: '2016-12-02T00:00:00.000Z',
    subject: 'workspace://SpacesStore/1',
    data,
  }
  const bus = { source: 'ecos.acme', 'detail-type': 'task.create', detail }

  it('is read into its key and its data', () => {
    expect(parseBusEvent(JSON.stringify(bus))).toEqual({
      tenant: 'acme',
      eventType: 'task.create',
      eventId: 'e1',
      time: '2016-12-02T00:00:00.000Z',
      subject: 'workspace://SpacesStore/1',
      data,
    })
  })

  it('tells when it came to the bus, which is not when it happened', () => {
    const time = '2016-12-02T08:00:00Z'
    expect(parseBusEvent(JSON.stringify({ ...bus, time }))).toMatchObject({
      time: '2016-12-02T00:00:00.000Z',
      sentAt: time,
    })
  })

  it('has no more than its key where its producer says no more', () => {
    const { time: _, subject: __, data: ___, ...bare } = detail
    const read = parseBusEvent(JSON.stringify({ ...bus, detail: bare }))
    expect(JSON.stringify(read)).toBe('{"tenant":"acme","eventType":"task.create","eventId":"e1"}')
  })

  it('refers to its data where they are too large for the bus', () => {
    const dataref = 's3://payloads/events/acme/1.json'
    const { data: _, ...small } = detail
    const read = parseBusEvent(JSON.stringify({ ...bus, detail: { ...small, dataref } }))
    expect(read).toMatchObject({ eventId: 'e1', dataref })
    expect(read.data).toBeUndefined()
  })

  it('says whether it comes again for everybody', () => {
    const replayed = (name: string) =>
      parseBusEvent(JSON.stringify({ ...bus, 'replay-name': name })).again
    expect(replayed('again-20261125T120000Z-1')).toBe('again-20261125T120000Z-1')
    expect(replayed('replay-20261125T120000Z-1')).toBeUndefined()
  })

  it.each([
    ['tenant', { ...bus, source: 'ecos.other' }],
    ['type', { ...bus, 'detail-type': 'task.delete' }],
  ])('is refused where its detail claims another %s', (_, forged) => {
    expect(() => parseBusEvent(JSON.stringify(forged))).toThrow(
      expect.objectContaining({ code: 'tenant-mismatch' }),
    )
  })

  it.each([
    ['{"secret', 'the whole'],
    [JSON.stringify({ ...bus, detail: { ...detail, id: '' } }), 'detail.id'],
  ])('is refused where it is no event of ours', (body, field) => {
    expect(() => parseBusEvent(body)).toThrow(
      expect.objectContaining({
        code: 'invalid-event',
        message: `Not an event from the bus: ${field}`,
      }),
    )
  })
})

describe('data in the event itself', () => {
  const event = { tenant: 'acme', eventType: 'task.create', eventId: 'e1' }
  const payloads = { load: () => Promise.reject(new Error('nothing is to be loaded')) }

  it('are read as they are', async () => {
    expect(await readData({ ...event, data }, taskEvent, payloads)).toMatchObject(data)
  })

  it('are refused by the names of their fields, without what stands in them', async () => {
    const broken = { ...data, type: { secret: 1 } }
    await expect(readData({ ...event, data: broken }, taskEvent, payloads)).rejects.toMatchObject({
      code: 'invalid-event-data',
      message: 'The data of task.create e1 of the tenant acme does not fit: type',
    })
  })
})

describe('data that lies elsewhere', () => {
  const event = { tenant: 'acme', eventType: 'task.create', eventId: 'e1' }
  const load = jest.fn(async (_reference: string) => JSON.stringify(data))

  it('is read from the folder of its tenant', async () => {
    const dataref = 's3://payloads/events/acme/1.json'
    expect(await readData({ ...event, dataref }, taskEvent, { load })).toMatchObject(data)
    expect(load.mock.calls).toEqual([[dataref]])
  })

  it.each([
    's3://payloads/events/other/1.json',
    's3://payloads/events/acme-2/1.json',
    's3://payloads/other/events/acme/1.json',
    's3://events/acme/1.json',
  ])('is not read where it is not its tenant’s: %s', async (dataref) => {
    load.mockClear()
    await expect(readData({ ...event, dataref }, taskEvent, { load })).rejects.toMatchObject({
      code: 'payload-reference',
    })
    expect(load).not.toHaveBeenCalled()
  })
})
