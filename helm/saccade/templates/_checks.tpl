{{/* What a schema can't say: each stops the release with a sentence that says how to mend it. */}}
{{- define "saccade.checks" -}}
{{- include "saccade.secretChecks" . -}}
{{- include "saccade.serviceChecks" . -}}
{{- range $name, $_ := .Values.worker.pools -}}
  {{- include "saccade.workerChecks" (dict "at" (printf "worker (group %s)" $name) "worker" (include "saccade.pool" (dict "root" $ "pool" $name) | fromYaml)) -}}
{{- end -}}
{{- include "saccade.modelChecks" . -}}
{{- end }}

{{- define "saccade.secretChecks" -}}
{{- $uses := dict "databaseOwner" "the schema's owner" "database" "the services' log-in at the database" "broker" "the broker's user" "store" "the object store's keys" -}}
{{- if not .Values.migrations.enabled }}{{ $uses = omit $uses "databaseOwner" }}{{ end -}}
{{- range $name, $use := $uses -}}
  {{- $secret := index $.Values.secrets $name -}}
  {{- if not $secret.name -}}
    {{- $keys := list -}}
    {{- range $key, $value := omit $secret "name" }}{{ $keys = append $keys (printf "--from-literal=%s=..." $value) }}{{ end -}}
    {{- fail (printf "secrets.%s.name is empty: %s has to come from a Secret. Make one (kubectl -n %s create secret generic NAME %s) and name it, or set secrets.externalSecrets." $name $use $.Release.Namespace (join " " $keys)) -}}
  {{- end -}}
{{- end -}}
{{- $external := .Values.secrets.externalSecrets -}}
{{- if $external.enabled -}}
  {{- if not $external.store.name }}{{ fail "secrets.externalSecrets.store.name is empty: name the SecretStore (or, with kind, the ClusterSecretStore) that holds the secrets." }}{{ end -}}
  {{- range $name, $secret := omit .Values.secrets "externalSecrets" -}}
    {{- if and $secret.name (not (index $external.keys $name)) }}{{ fail (printf "secrets.externalSecrets.keys.%s is empty: say from which key of the store the Secret %s is made." $name $secret.name) }}{{ end -}}
  {{- end -}}
{{- else if and .Values.checkSecrets (lookup "v1" "ServiceAccount" .Release.Namespace "default") -}}
  {{- range $name, $secret := omit .Values.secrets "externalSecrets" -}}
    {{- if $secret.name -}}
      {{- $found := lookup "v1" "Secret" $.Release.Namespace $secret.name -}}
      {{- if not $found }}{{ fail (printf "The Secret %s (secrets.%s.name) is not in the namespace %s: make it first, or set checkSecrets to false where it is made later." $secret.name $name $.Release.Namespace) }}{{ end -}}
      {{- range $key := omit $secret "name" | values -}}
        {{- if not (hasKey ($found.data | default dict) $key) }}{{ fail (printf "The Secret %s has no key %s: add it, or say by secrets.%s which key holds it." $secret.name $key $name) }}{{ end -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- end }}

{{- define "saccade.serviceChecks" -}}
{{- if not (include "saccade.databaseHost" .) }}{{ fail "database.host is empty: name your PostgreSQL (16 or newer), or set inCluster.postgresql.enabled." }}{{ end -}}
{{- if not (include "saccade.brokerHost" .) }}{{ fail "broker.host is empty: name your RabbitMQ (4 or newer), or set inCluster.rabbitmq.enabled." }}{{ end -}}
{{- if not (include "saccade.storeEndpoint" .) }}{{ fail "store.endpoint is empty: give your object store's address (https://s3.example.com), or set inCluster.minio.enabled." }}{{ end -}}
{{- if and .Values.api.oauth2.issuer (not .Values.api.oauth2.audience) }}{{ fail "api.oauth2.audience is empty: without it tokens that the issuer gave for another service would open this one." }}{{ end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.host) }}{{ fail "ingress.host is empty: give the name under which clients call the API." }}{{ end -}}
{{- if and .Values.gateway.enabled (not (and .Values.gateway.host .Values.gateway.name)) }}{{ fail "gateway.name and gateway.host are needed: which Gateway leads to the API, and under which name." }}{{ end -}}
{{- if and .Values.monitoring.alerts.enabled (not .Values.monitoring.alerts.runbooks) }}{{ fail "monitoring.alerts.runbooks is empty: give the address under which your people read docs/runbooks, which every alert links to." }}{{ end -}}
{{- if gt (int .Values.api.autoscaling.minReplicas) (int .Values.api.autoscaling.maxReplicas) }}{{ fail "api.autoscaling.minReplicas is above maxReplicas: lower the one or raise the other." }}{{ end -}}
{{- end }}

{{- define "saccade.workerChecks" -}}
{{- $w := .worker -}}
{{- if and (eq $w.device "cuda") (ne (int $w.gpu.count) 1) -}}
  {{- fail (printf "%s: gpu.count is %d, but a worker with device cuda runs on one GPU: set gpu.count to 1 and ask for more replicas, or set device to cpu." .at (int $w.gpu.count)) -}}
{{- end -}}
{{- if $w.terminationGracePeriodSeconds -}}
  {{- $least := add (int $w.longestJobSeconds) 60 -}}
  {{- if lt (int $w.terminationGracePeriodSeconds) $least -}}
    {{- fail (printf "%s: terminationGracePeriodSeconds is %d, shorter than the longest job: it would be killed and done again. Give at least %d (longestJobSeconds and 60 to hand back what is left), or lower longestJobSeconds." .at (int $w.terminationGracePeriodSeconds) $least) -}}
  {{- end -}}
{{- end -}}
{{- with $w.autoscaling -}}
  {{- if and .enabled (gt (int .minReplicas) (int .maxReplicas)) }}{{ fail (printf "%s: autoscaling.minReplicas is above maxReplicas: lower the one or raise the other." $.at) }}{{ end -}}
{{- end -}}
{{- if and (eq (toString $w.strategy.maxSurge) "0") (has (toString $w.strategy.maxUnavailable) (list "0" "0%")) -}}
  {{- fail (printf "%s: strategy has maxSurge 0 and maxUnavailable 0, so that no pod could ever be replaced: raise one of them." .at) -}}
{{- end -}}
{{- end }}

{{- define "saccade.modelChecks" -}}
{{- with .Values.model -}}
{{- if and (eq .source.kind "existing") (not .volume.existingClaim) }}{{ fail "model.volume.existingClaim is empty: name the PersistentVolumeClaim that holds the model's folder, or have it fetched with model.source.kind s3 or hub." }}{{ end -}}
{{- if ne .source.kind "existing" -}}
  {{- if not .checksums }}{{ fail "model.checksums is empty: what is fetched is only used when every file has the SHA-256 that you expect. Take them from `sha256sum *` in a folder that you trust." }}{{ end -}}
  {{- $start := ternary "s3://" "https://" (eq .source.kind "s3") -}}
  {{- if not (hasPrefix $start .source.url) }}{{ fail (printf "model.source.url must begin with %s for kind %s." $start .source.kind) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end }}
