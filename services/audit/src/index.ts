export { auditConfig, type AuditConfig } from './config.js';
export { AuditModule } from './audit.module.js';
