import { ApiExtraModels, ApiResponse, getSchemaPath } from "@nestjs/swagger";
import { LLMErrorResponseDto } from "./llm-error.dto.js";

const FAILURES: Readonly<Record<number, string>> = {
  400: "The request is wrong, or does not fit the model's context.",
  402: "A budget or the account has no money left.",
  403: "The content was refused.",
  404: "The model is not known.",
  429: "Too many requests; Retry-After says when to come again.",
  500: "The server's own set-up is wrong.",
  502: "The model's provider failed.",
  503: "The model's provider is overloaded, or the server is shutting down.",
  504: "The model did not answer in time.",
};

/** Documents the failures that `LLMExceptionFilter` answers, on a handler or a class; all of them, or those named. */
export function ApiLLMErrors(...statuses: number[]): MethodDecorator & ClassDecorator {
  const named = statuses.length > 0 ? statuses : Object.keys(FAILURES).map(Number);
  const schema = { $ref: getSchemaPath(LLMErrorResponseDto) };
  const decorators = [
    ApiExtraModels(LLMErrorResponseDto),
    ...named.map((status) =>
      ApiResponse({
        status,
        description: FAILURES[status] ?? "A failure of the model or of its use.",
        content: { "application/json": { schema } },
      }),
    ),
  ];
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    for (const decorate of decorators) decorate(target as never, key as never, descriptor as never);
  };
}
