import { ApiProperty, ApiPropertyOptional } from "@nestjs/swagger";

/** One turn of a conversation, as a browser may send it. */
export class ChatMessageDto {
  @ApiProperty({ enum: ["user", "assistant"] })
  role!: "user" | "assistant";

  @ApiProperty({ type: String })
  content!: string;
}

/** A body for chat handlers: a prompt, or a conversation. */
export class ChatRequestDto {
  @ApiPropertyOptional({ type: String, description: "Instead of `messages`." })
  prompt?: string | undefined;

  @ApiPropertyOptional({ type: () => [ChatMessageDto], description: "Instead of `prompt`; the latest comes last." })
  messages?: ChatMessageDto[] | undefined;
}
