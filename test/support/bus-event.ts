/** The body of the SQS message that a rule makes of an event. */
export function busEvent(tenant: string, type: string, id: string, data: object): string {
  const detail = {
    specversion: '1.0',
    id,
    source: `/ecos/tenants/${tenant}`,
    type,
    tenantid: tenant,
    datacontenttype: 'application/json',
    data: { type, ...data },
  }
  return JSON.stringify({ source: `ecos.${tenant}`, 'detail-type': type, detail })
}
