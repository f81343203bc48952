import { ApiProperty, ApiPropertyOptional } from "@nestjs/swagger";

/** What callers are told of a failure. */
export class LLMErrorDto {
  @ApiProperty({ type: String, example: "rate_limit", description: "Stable; switch on it." })
  code!: string;

  @ApiProperty({ type: String, example: "rate limit exceeded" })
  message!: string;

  @ApiPropertyOptional({ type: String, description: "How to mend it." })
  hint?: string | undefined;

  @ApiProperty({ type: Boolean, description: "Whether the same request may succeed later." })
  retryable!: boolean;

  @ApiPropertyOptional({ type: Number, description: "When to come again, in milliseconds; also as Retry-After." })
  retryAfterMs?: number | undefined;

  @ApiPropertyOptional({ type: String, description: "The generation's id, for the logs." })
  generationId?: string | undefined;
}

/** The body that `LLMExceptionFilter` answers with. */
export class LLMErrorResponseDto {
  @ApiProperty({ type: () => LLMErrorDto })
  error!: LLMErrorDto;
}
