{{/* of (dict "name" NAME "secret" .Values.secrets.x "key" "usernameKey") */}}
{{- define "saccade.secretVariable" -}}
- name: {{ .name }}
  valueFrom: {secretKeyRef: {name: {{ .secret.name }}, key: {{ index .secret .key }}}}
{{- end }}

{{- define "saccade.databaseUrl" -}}
jdbc:postgresql://{{ include "saccade.databaseHost" . }}:{{ int .Values.database.port }}/{{ .Values.database.name }}{{ with .Values.database.parameters }}?{{ . }}{{ end }}
{{- end }}

{{- define "saccade.storeEnvironment" -}}
- {name: SACCADE_STORE_ENDPOINT, value: {{ include "saccade.storeEndpoint" . | quote }}}
- {name: SACCADE_STORE_BUCKET, value: {{ .Values.store.bucket | quote }}}
- {name: SACCADE_STORE_REGION, value: {{ .Values.store.region | quote }}}
{{ include "saccade.secretVariable" (dict "name" "SACCADE_STORE_ACCESS_KEY" "secret" .Values.secrets.store "key" "accessKeyKey") }}
{{ include "saccade.secretVariable" (dict "name" "SACCADE_STORE_SECRET_KEY" "secret" .Values.secrets.store "key" "secretKeyKey") }}
{{- end }}

{{/* what API and workers have in common */}}
{{- define "saccade.environment" -}}
- {name: SPRING_PROFILES_ACTIVE, value: production}
- {name: SPRING_DATASOURCE_URL, value: {{ include "saccade.databaseUrl" . | quote }}}
{{ include "saccade.secretVariable" (dict "name" "SPRING_DATASOURCE_USERNAME" "secret" .Values.secrets.database "key" "usernameKey") }}
{{ include "saccade.secretVariable" (dict "name" "SPRING_DATASOURCE_PASSWORD" "secret" .Values.secrets.database "key" "passwordKey") }}
- {name: SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE, value: {{ int .Values.database.poolSize | quote }}}
- {name: SPRING_RABBITMQ_ADDRESSES, value: {{ printf "%s://%s:%d" (ternary "amqps" "amqp" .Values.broker.tls) (include "saccade.brokerHost" .) (int .Values.broker.port) | quote }}}
- {name: SPRING_RABBITMQ_VIRTUAL_HOST, value: {{ .Values.broker.virtualHost | quote }}}
{{ include "saccade.secretVariable" (dict "name" "SPRING_RABBITMQ_USERNAME" "secret" .Values.secrets.broker "key" "usernameKey") }}
{{ include "saccade.secretVariable" (dict "name" "SPRING_RABBITMQ_PASSWORD" "secret" .Values.secrets.broker "key" "passwordKey") }}
- {name: SACCADE_BROKER_KIND, value: rabbitmq}
{{ include "saccade.storeEnvironment" . }}
- {name: SACCADE_LEDGER_MAX_ATTEMPTS, value: {{ int .Values.api.limits.maxAttempts | quote }}}
- {name: SACCADE_MEDIA_MAX_DURATION, value: {{ .Values.media.maxDuration | quote }}}
- {name: SACCADE_MEDIA_MAX_PIXELS, value: {{ int64 .Values.media.maxPixels | quote }}}
- {name: SACCADE_MEDIA_MAX_DECODED_FRAMES, value: {{ int64 .Values.media.maxDecodedFrames | quote }}}
- {name: XDG_CACHE_HOME, value: /scratch/cache}
{{- with .Values.tracing.endpoint }}
- {name: MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_OTLP_ENDPOINT, value: {{ . | quote }}}
- {name: MANAGEMENT_TRACING_SAMPLING_PROBABILITY, value: {{ $.Values.tracing.probability | quote }}}
{{- end }}
{{- end }}

{{- define "saccade.javaOptions" -}}
- {name: JAVA_TOOL_OPTIONS, value: "-XX:MaxRAMPercentage={{ int . }} -XX:+ExitOnOutOfMemoryError -Djava.io.tmpdir=/tmp"}
{{- end }}

{{- define "saccade.apiEnvironment" -}}
{{ include "saccade.environment" . }}
{{ include "saccade.javaOptions" .Values.api.heapPercent }}
- {name: SERVER_PORT, value: "8080"}
- {name: SACCADE_API_UPLOAD_FOLDER, value: /scratch/uploads}
- {name: SACCADE_API_DEDUPLICATE, value: {{ .Values.api.uploads.deduplicate | quote }}}
- {name: SACCADE_API_MAX_UPLOAD_BYTES, value: {{ int64 .Values.api.limits.maxUploadBytes | quote }}}
- {name: SACCADE_API_MAX_CONCURRENT_UPLOADS, value: {{ int .Values.api.limits.maxConcurrentUploads | quote }}}
- {name: SERVER_TOMCAT_THREADS_MAX, value: {{ add 200 (int .Values.api.limits.maxConcurrentUploads) | quote }}}
- {name: SACCADE_API_MAX_QUESTION_CHARACTERS, value: {{ int .Values.api.limits.maxQuestionCharacters | quote }}}
- {name: SACCADE_API_MAX_TOKENS, value: {{ int .Values.api.limits.maxTokens | quote }}}
- {name: SACCADE_LEDGER_MAX_QUEUED_JOBS, value: {{ int64 .Values.api.limits.maxQueuedJobs | quote }}}
- {name: SACCADE_BATCHES_LIMITS_MAX_LINES, value: {{ int .Values.api.limits.maxBatchLines | quote }}}
- {name: SACCADE_BATCHES_KEEP, value: {{ .Values.api.batches.keep | quote }}}
- {name: SACCADE_EVENTS_MAX_STREAMS, value: {{ int .Values.api.limits.maxStreams | quote }}}
- {name: SACCADE_EVENTS_MAX_STREAMS_PER_TENANT, value: {{ int .Values.api.limits.maxStreamsPerTenant | quote }}}
{{- with .Values.store.publicEndpoint }}
- {name: SACCADE_STORE_PUBLIC_ENDPOINT, value: {{ . | quote }}}
{{- end }}
- {name: SACCADE_UPLOADS_LIFE, value: {{ .Values.api.uploads.life | quote }}}
- {name: SACCADE_IMPORT_ENABLED, value: {{ .Values.api.import.enabled | quote }}}
- {name: SACCADE_IMPORT_PORTS, value: {{ include "saccade.numbers" .Values.api.import.ports | quote }}}
{{- with .Values.api.import.trustedHosts }}
- {name: SACCADE_IMPORT_TRUSTED_HOSTS, value: {{ join "," . | quote }}}
{{- end }}
{{- with .Values.api.oauth2 }}
{{- if .issuer }}
- {name: SACCADE_ACCESS_OAUTH2_ISSUER, value: {{ .issuer | quote }}}
- {name: SACCADE_ACCESS_OAUTH2_AUDIENCE, value: {{ .audience | quote }}}
- {name: SACCADE_ACCESS_OAUTH2_TENANT_CLAIM, value: {{ .tenantClaim | quote }}}
- {name: SACCADE_ACCESS_OAUTH2_ROLES_CLAIM, value: {{ .rolesClaim | quote }}}
{{- with .jwkSetUri }}
- {name: SACCADE_ACCESS_OAUTH2_JWK_SET_URI, value: {{ . | quote }}}
{{- end }}
{{- end }}
{{- end }}
{{- if .Values.secrets.webhooks.name }}
{{ include "saccade.secretVariable" (dict "name" "SACCADE_WEBHOOKS_KEY" "secret" .Values.secrets.webhooks "key" "keyKey") }}
- {name: SACCADE_WEBHOOKS_PORTS, value: {{ include "saccade.numbers" .Values.api.webhooks.ports | quote }}}
{{- with .Values.api.webhooks.trustedHosts }}
- {name: SACCADE_WEBHOOKS_TRUSTED_HOSTS, value: {{ join "," . | quote }}}
{{- end }}
{{- end }}
{{- if .Values.secrets.bootstrap.name }}
{{ include "saccade.secretVariable" (dict "name" "SACCADE_ACCESS_BOOTSTRAP_KEY" "secret" .Values.secrets.bootstrap "key" "keyKey") }}
{{- end }}
{{- with .Values.api.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* of (dict "root" $ "worker" values of the group) */}}
{{- define "saccade.workerEnvironment" -}}
{{ include "saccade.environment" .root }}
{{ include "saccade.javaOptions" .worker.heapPercent }}
- {name: SERVER_PORT, value: "8081"}
- {name: SACCADE_WORKER_MODEL, value: /models/{{ include "saccade.modelFolder" .root }}}
- {name: SACCADE_WORKER_DEVICE, value: {{ .worker.device }}}
- {name: SACCADE_WORKER_SLOTS, value: {{ int .worker.slots | quote }}}
- {name: SACCADE_WORKER_KV_CACHE_TOKENS, value: {{ int .worker.kvCacheTokens | quote }}}
- {name: SACCADE_WORKER_DRAIN_TIMEOUT, value: {{ int .worker.longestJobSeconds }}s}
- {name: SACCADE_WORKER_CACHE_DIR, value: /scratch/media}
- {name: SACCADE_WORKER_CACHE_BYTES, value: {{ int64 .worker.mediaCacheBytes }}B}
{{- with .worker.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "saccade.numbers" -}}
{{- $texts := list }}{{ range . }}{{ $texts = append $texts (toString (int .)) }}{{ end }}{{ join "," $texts -}}
{{- end }}
