import { useChat } from "@ai-sdk/react";
import { DefaultChatTransport, type UIMessage } from "ai";
import { useEffect } from "react";
import { createRoot } from "react-dom/client";
import type { ChatPage } from "../test/chat-page.js";

const page = window as unknown as ChatPage;
const settings = new URLSearchParams(location.search);

const transport = new DefaultChatTransport({
  api: "/api/chat",
  headers: { authorization: `Bearer ${settings.get("key")}` },
  prepareSendMessagesRequest: ({ messages }) => ({
    body: { stream: true, model: settings.get("model"), messages: messages.map(asChatMessage) },
  }),
});

function asChatMessage({ role, parts }: UIMessage) {
  return { role, content: parts.map((part) => (part.type === "text" ? part.text : "")).join("") };
}

function Chat() {
  const { messages, sendMessage, status, error, stop } = useChat({ transport });
  useEffect(() => {
    const answer = messages.findLast(({ role }) => role === "assistant");
    page.heard({
      status,
      error: error ? { name: error.name, message: error.message } : null,
      parts: answer?.parts ?? [],
    });
  }, [messages, status, error]);
  page.ask = (prompt) => void sendMessage({ text: prompt });
  page.stop = () => void stop();
  return <p>{status}</p>;
}

createRoot(document.body).render(<Chat />);
