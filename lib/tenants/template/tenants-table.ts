import { arnOf, type Value } from './cloudformation.ts'
import { allow } from './queue-function.ts'

/** Lets a function read the cell's applied tenants, and write nothing there. */
export const readTenants: Value = allow(['dynamodb:GetItem'], arnOf('TenantsTable'))
