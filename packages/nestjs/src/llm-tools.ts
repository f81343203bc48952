import { Inject, Injectable, type OnModuleInit, type Type } from "@nestjs/common";
import { ContextIdFactory, DiscoveryService, MetadataScanner, ModuleRef, Reflector } from "@nestjs/core";
import {
  ConfigurationError,
  InvalidRequestError,
  type Schema,
  type Tool,
  type ToolContext,
  tool,
} from "@signalbox/core";
import { LLM_TOOL, type LLMToolOptions } from "./llm-tool.decorator.js";

type Provider = ReturnType<DiscoveryService["getProviders"]>[number];
type Execute = (args: unknown, context: ToolContext) => unknown;

interface ToolMethod {
  provider: Provider;
  host: Type<unknown>;
  method: string;
  options: LLMToolOptions<Schema>;
}

/** The methods of the application that are decorated with `@LLMTool`. */
@Injectable()
export class LLMTools implements OnModuleInit {
  readonly #discovery: DiscoveryService;
  readonly #scanner: MetadataScanner;
  readonly #reflector: Reflector;
  readonly #moduleRef: ModuleRef;
  #methods: ReadonlyMap<string, ToolMethod> = new Map();

  constructor(
    @Inject(DiscoveryService) discovery: DiscoveryService,
    @Inject(MetadataScanner) scanner: MetadataScanner,
    @Inject(Reflector) reflector: Reflector,
    @Inject(ModuleRef) moduleRef: ModuleRef,
  ) {
    this.#discovery = discovery;
    this.#scanner = scanner;
    this.#reflector = reflector;
    this.#moduleRef = moduleRef;
  }

  onModuleInit(): void {
    this.#methods = this.#discover();
  }

  /**
   * Tools that run in the application.
   *
   * @param requestOf - the framework's request that request-scoped providers belong to, asked as a tool is called
   */
  get(names: readonly string[], requestOf: () => object | undefined): Tool[] {
    return names.map((name) => {
      const found = this.#find(name);
      return tool({ ...found.options, execute: (args, context) => this.#call(found, requestOf(), args, context) });
    });
  }

  #find(name: string): ToolMethod {
    // Constructors ask before the boot is over, and modules may be loaded after it.
    if (!this.#methods.has(name)) this.#methods = this.#discover();
    const found = this.#methods.get(name);
    if (found !== undefined) return found;
    const known = [...this.#methods.keys()];
    throw new InvalidRequestError("invalid_request", `no method is decorated as the tool "${name}"`, {
      hint:
        known.length > 0 ? `known are ${known.join(", ")}` : "decorate one with @LLMTool() in a registered provider",
    });
  }

  async #call(
    { provider, host, method }: ToolMethod,
    request: object | undefined,
    args: unknown,
    context: ToolContext,
  ) {
    const instance = isPerCall(provider) ? await this.#resolve(host, provider, request) : provider.instance;
    return (instance as Record<string, Execute>)[method]?.call(instance, args, context);
  }

  async #resolve(host: Type<unknown>, provider: Provider, request: object | undefined): Promise<unknown> {
    const contextId = ContextIdFactory.getByRequest(request ?? {});
    if (request !== undefined) this.#moduleRef.registerRequestByContextId(request, contextId);
    return this.#moduleRef.resolve(provider.token ?? host, contextId, { strict: false });
  }

  #discover(): Map<string, ToolMethod> {
    const found = new Map<string, ToolMethod>();
    const controllers = this.#discovery.getControllers();
    for (const provider of [...this.#discovery.getProviders(), ...controllers]) {
      for (const each of this.#methodsOf(provider)) {
        const known = found.get(each.options.name);
        if (known === undefined) found.set(each.options.name, each);
        else if (known.host !== each.host || known.method !== each.method) throw twice(known, each);
        if (isPerCall(provider) && controllers.includes(provider)) throw noProvider(each);
      }
    }
    return found;
  }

  #methodsOf(provider: Provider): ToolMethod[] {
    const host = classOf(provider);
    if (host === undefined || provider.isAlias) return [];
    return this.#scanner.getAllMethodNames(host.prototype).flatMap((method) => {
      const options = this.#reflector.get<LLMToolOptions<Schema> | undefined>(LLM_TOOL, host.prototype[method]);
      return options === undefined ? [] : [{ provider, host, method, options }];
    });
  }
}

function isPerCall(provider: Provider): boolean {
  return provider.isTransient || !provider.isDependencyTreeStatic();
}

/** A provider made by a factory shows its class only in what the factory made. */
function classOf({ metatype, inject, instance }: Provider): Type<unknown> | undefined {
  const type = inject === undefined ? metatype : undefined;
  const host = type ?? (instance as object | undefined)?.constructor;
  return typeof host === "function" && typeof host.prototype === "object" ? (host as Type<unknown>) : undefined;
}

function twice(one: ToolMethod, other: ToolMethod): ConfigurationError {
  const where = [one, other].map(({ host, method }) => `${host.name}.${method}`).join(" and ");
  return new ConfigurationError("invalid_config", `two tools are named "${one.options.name}": ${where}`);
}

function noProvider({ host, method, options }: ToolMethod): ConfigurationError {
  const where = `${host.name}.${method}`;
  return new ConfigurationError(
    "invalid_config",
    `the tool "${options.name}" is on the request-scoped controller ${where}`,
    {
      hint: "put it on a provider",
    },
  );
}
