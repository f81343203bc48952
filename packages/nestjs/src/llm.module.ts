import { type DynamicModule, Module, type Provider } from "@nestjs/common";
import { APP_INTERCEPTOR } from "@nestjs/core";
import { ConfigurationError, type LLM, LLMClient } from "@signalbox/core";
import { ClientLifecycle } from "./client-lifecycle.js";
import { LLMService } from "./llm.service.js";
import { DEFAULT_LLM, getLLMClientToken, getLLMToken } from "./llm.tokens.js";
import { LLMHostModule } from "./llm-host.module.js";
import type {
  LLMFeature,
  LLMModuleAsyncOptions,
  LLMModuleOptions,
  LLMModuleSettings,
  LLMOptionsFactory,
  LLMRegistration,
} from "./llm-module-options.js";
import { LLMNames } from "./llm-names.js";
import { LLMRequests } from "./llm-requests.js";
import { LLMTools } from "./llm-tools.js";
import { RequestScopeInterceptor } from "./request-scope.interceptor.js";

const SETTINGS = Symbol("LLMModuleSettings");
const NAME_CLAIM = Symbol("LLMNameClaim");
const SHUTDOWN_GRACE_MS = 5_000;

/**
 * Registers clients of `@signalbox/core` for injection.
 *
 * Shape: `forRoot()` or `forRootAsync()` make a client and its {@link LLMService}; `forFeature()` makes named children
 * of it. Inject with `@InjectLLM(name)`; the default one also by the classes `LLMService` and `LLMClient`.
 * Throws: at boot `missing_api_key` and `invalid_config` (every mistake at once, and a name registered twice).
 * Cancels: calls made while an HTTP request is handled are aborted when its client leaves, unless `context: false`.
 * `onModuleDestroy` lets no new call in: requests are answered with 503 and `Retry-After`. `beforeApplicationShutdown`
 * waits `shutdownGraceMs` for the others, before the HTTP server closes; streams that outlast it get one error event,
 * runs that outlive their requests are given up and can be resumed by another process. Ready clients that were passed
 * in are not closed.
 */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest takes classes for modules.
export class LLMModule {
  /** Registers a client with settings that are known by now. */
  static forRoot(options: LLMModuleOptions = {}): DynamicModule {
    const { isGlobal, name, ...settings } = options;
    return registered({ isGlobal, name }, [{ provide: SETTINGS, useValue: settings }], settings.scope !== undefined);
  }

  /** Registers a client with settings that are made at boot, by one of `useFactory`, `useClass` and `useExisting`. */
  static forRootAsync(options: LLMModuleAsyncOptions): DynamicModule {
    const module = registered(options, settingsProviders(options), true);
    return { ...module, imports: [...(module.imports ?? []), ...(options.imports ?? [])] };
  }

  /**
   * Registers children of clients: what is given is added to `from`, everything else is shared with it.
   *
   * @param options.imports - modules that export the clients in `from`, where those are not global
   */
  static forFeature(
    features: readonly LLMFeature[],
    options: Pick<LLMModuleAsyncOptions, "imports"> = {},
  ): DynamicModule {
    const names = features.map(({ name }) => name);
    return {
      module: LLMModule,
      imports: [LLMHostModule, ...(options.imports ?? [])],
      providers: [claim(names), ...features.flatMap(featureProviders)],
      exports: names.flatMap((name) => [getLLMToken(name), getLLMClientToken(name)]),
    };
  }
}

function registered(
  { isGlobal = true, name }: LLMRegistration,
  settings: Provider[],
  mayScope: boolean,
): DynamicModule {
  const service = getLLMToken(name);
  const client = getLLMClientToken(name);
  const isDefault = service === getLLMToken();
  const aliases: Provider[] = [
    { provide: LLMService, useExisting: service },
    { provide: LLMClient, useExisting: client },
  ];
  return {
    module: LLMModule,
    global: isGlobal,
    imports: [LLMHostModule],
    providers: [
      claim([name ?? DEFAULT_LLM]),
      ...settings,
      {
        provide: ClientLifecycle,
        inject: [SETTINGS],
        useFactory: ({ shutdownGraceMs = SHUTDOWN_GRACE_MS }: LLMModuleSettings) =>
          new ClientLifecycle(shutdownGraceMs),
      },
      { provide: client, inject: [SETTINGS, ClientLifecycle], useFactory: clientOf },
      { provide: service, inject: [client, SETTINGS, LLMRequests, LLMTools], useFactory: serviceOf },
      ...(mayScope
        ? [{ provide: APP_INTERCEPTOR, inject: [client, SETTINGS, LLMRequests], useFactory: interceptorOf }]
        : []),
      ...(isDefault ? aliases : []),
    ],
    exports: [service, client, ...(isDefault ? [LLMService, LLMClient] : [])],
  };
}

function claim(names: readonly string[]): Provider {
  return {
    provide: NAME_CLAIM,
    inject: [LLMNames],
    useFactory: (taken: LLMNames) => {
      for (const name of names) taken.claim(name);
      return names;
    },
  };
}

function clientOf(settings: LLMModuleSettings, lifecycle: ClientLifecycle): LLM {
  const { client, shutdownGraceMs: _grace, context: _context, scope: _scope, ...options } = settings;
  if (client === undefined) return lifecycle.create(options);
  const useless = Object.entries(options).flatMap(([key, value]) => (value === undefined ? [] : [key]));
  if (useless.length === 0) return client;
  throw new ConfigurationError(
    "invalid_config",
    `\`client\` is ready made: ${useless.join(", ")} would change nothing`,
  );
}

function serviceOf(
  client: LLM,
  { context = true, scope, limitStore, shutdownGraceMs = SHUTDOWN_GRACE_MS }: LLMModuleSettings,
  requests: LLMRequests,
  tools: LLMTools,
): LLMService {
  requests.live.giveGrace(shutdownGraceMs);
  if (limitStore !== undefined) requests.setLimitStore(client, limitStore);
  if (context) requests.follow(client);
  if (scope !== undefined) requests.setScope(client, scope);
  return new LLMService(client, { requests, tools });
}

function interceptorOf(
  client: LLM,
  { context = true, scope }: LLMModuleSettings,
  requests: LLMRequests,
): RequestScopeInterceptor {
  return new RequestScopeInterceptor(client, context ? scope : undefined, requests);
}

function featureProviders({ name, from, ...scope }: LLMFeature): Provider[] {
  const parent = getLLMClientToken(from);
  const client = getLLMClientToken(name);
  return [
    { provide: client, inject: [parent], useFactory: (of: LLM) => of.scope(scope) },
    {
      provide: getLLMToken(name),
      inject: [client, getLLMToken(from), LLMRequests, LLMTools],
      useFactory: featureServiceOf,
    },
  ];
}

/** @param parent - the service: what is known of its client is known once it has been made */
function featureServiceOf(client: LLM, parent: LLMService, requests: LLMRequests, tools: LLMTools): LLMService {
  const scope = requests.scopeOf(parent.client);
  return serviceOf(
    client,
    { context: false, scope, shutdownGraceMs: 0, limitStore: requests.limitStoreOf(parent.client) },
    requests,
    tools,
  );
}

function settingsProviders({ inject, useFactory, useClass, useExisting }: LLMModuleAsyncOptions): Provider[] {
  if ([useFactory, useClass, useExisting].filter((way) => way !== undefined).length !== 1) {
    throw new ConfigurationError(
      "invalid_config",
      "forRootAsync takes one of `useFactory`, `useClass` and `useExisting`",
    );
  }
  if (useFactory !== undefined) return [{ provide: SETTINGS, inject: [...(inject ?? [])], useFactory }];
  const token = useClass ?? useExisting;
  return [
    { provide: SETTINGS, inject: [token], useFactory: (factory: LLMOptionsFactory) => factory.createLLMOptions() },
    ...(useClass === undefined ? [] : [useClass]),
  ] as Provider[];
}
