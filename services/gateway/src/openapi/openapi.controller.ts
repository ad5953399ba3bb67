import { Controller, Get } from '@nestjs/common';
import { openApiDocument } from './openapi-document.js';

/** The API's own description. */
@Controller('api/v1/openapi.json')
export class OpenApiController {
  private readonly document = openApiDocument();

  /** As OpenAPI 3.1. */
  @Get()
  read(): Readonly<Record<string, unknown>> {
    return this.document;
  }
}
