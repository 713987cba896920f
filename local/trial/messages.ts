import { randomUUID } from 'node:crypto'
import { sampleData } from '../../lib/events/catalogue.ts'
import { identified, type SampleMessage } from '../demo/events-file.ts'

/** The people and tenants that the trial's questions are about. */
export const stage = {
  /** A person who was told of a task. */
  told: { tenant: 'tenant-12', username: 'anna', task: 'Sign the contract with Northwind' },
  /** A tenant whose mail server takes no mail for now. */
  late: { tenant: 'acme', username: 'jones' },
  /** A tenant that sends most. */
  flood: { tenant: 'tenant-7', username: 'robot' },
} as const

/** A task for one person, created just now. */
export function taskFor(tenant: string, username: string, taskTitle: string): SampleMessage {
  const data = {
    ...sampleData('task.create'),
    ...{ id: randomUUID(), taskTitle, taskInstanceId: `activiti$${randomUUID()}` },
    ...{ createdDate: Date.now(), dueDate: Date.now() + 3 * 86_400_000 },
    ...{ initiator: 'director', assignee: null, taskPooledUsers: [username] },
    workflowDescription: 'Contract',
  }
  return identified({
    ...{ line: 0, tenant, exchange: `tenant.${tenant}.events`, routingKey: 'task.create' },
    properties: { contentType: 'text/plain', deliveryMode: 2, priority: 0 },
    body: JSON.stringify({ data }),
  })
}

const people = ['anna', 'boris', 'clara', 'david', 'elena']
const matters = ['Approve the invoice', 'Check the draft', 'Sign the order', 'Answer the request']

/** A task of any tenant, for one of its people. */
export function ordinaryTask(tenant: string, at: number): SampleMessage {
  const [username = '', matter = ''] = [people[at % people.length], matters[at % matters.length]]
  return taskFor(tenant, username, `${matter} no. ${at}`)
}
