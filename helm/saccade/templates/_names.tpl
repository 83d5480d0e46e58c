{{- define "saccade.name" -}}
{{- $name := .Values.nameOverride | default .Release.Name -}}
{{- if gt (len $name) 40 }}{{ fail (printf "The name %s has %d characters and names made of it would be too long: give the release a name of at most 40, or set nameOverride." $name (len $name)) }}{{ end -}}
{{- $name -}}
{{- end }}

{{- define "saccade.selector" -}}
app.kubernetes.io/name: saccade
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* of (dict "root" $ "component" "api") */}}
{{- define "saccade.labels" -}}
{{ include "saccade.selector" .root }}
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- with .root.Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* of (dict "root" $ "image" .Values.images.api "at" "images.api") */}}
{{- define "saccade.image" -}}
{{- $image := .image -}}
{{- if not $image.repository }}{{ fail (printf "%s.repository is empty: there is no published image. Build one (docs/kubernetes.md says what it holds), push it, and set repository and digest." .at) }}{{ end -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else if .root.Values.images.allowTags -}}
{{- if not $image.tag }}{{ fail (printf "%s has neither digest nor tag: set %s.digest to sha256:..." .at .at) }}{{ end -}}
{{ $image.repository }}:{{ $image.tag }}
{{- else -}}
{{ fail (printf "%s.digest is empty: name the image by its digest (sha256:...), or set images.allowTags where a tag is enough." .at) }}
{{- end -}}
{{- end }}

{{- define "saccade.databaseHost" -}}
{{- if .Values.inCluster.postgresql.enabled }}{{ include "saccade.name" . }}-postgresql{{ else }}{{ .Values.database.host }}{{ end -}}
{{- end }}

{{- define "saccade.brokerHost" -}}
{{- if .Values.inCluster.rabbitmq.enabled }}{{ include "saccade.name" . }}-rabbitmq{{ else }}{{ .Values.broker.host }}{{ end -}}
{{- end }}

{{- define "saccade.storeEndpoint" -}}
{{- if .Values.inCluster.minio.enabled }}http://{{ include "saccade.name" . }}-minio:9000{{ else }}{{ .Values.store.endpoint }}{{ end -}}
{{- end }}

{{- define "saccade.storePort" -}}
{{- $url := urlParse (include "saccade.storeEndpoint" .) -}}
{{- $port := regexFind ":[0-9]+$" $url.host | trimPrefix ":" -}}
{{- $port | default (ternary "443" "80" (eq $url.scheme "https")) -}}
{{- end }}

{{/* where the model lies on its volume: another name for other contents, so that old and new pods each find theirs */}}
{{- define "saccade.modelFolder" -}}
{{- if eq .Values.model.source.kind "existing" -}}
{{ .Values.model.name }}
{{- else -}}
{{ .Values.model.name }}-{{ include "saccade.modelDigest" . }}
{{- end -}}
{{- end }}

{{- define "saccade.modelDigest" -}}
{{ toJson .Values.model.checksums | sha256sum | trunc 10 }}
{{- end }}

{{- define "saccade.modelClaim" -}}
{{ .Values.model.volume.existingClaim | default (printf "%s-model" (include "saccade.name" .)) }}
{{- end }}

{{/* the values of one group of workers: (dict "root" $ "pool" name) */}}
{{- define "saccade.pool" -}}
{{- $pool := index .root.Values.worker.pools .pool | default dict -}}
{{- toYaml (mustMergeOverwrite (deepCopy (omit .root.Values.worker "pools")) (deepCopy $pool)) -}}
{{- end }}

{{/* true where the schema is made by an ordinary Job at the first install: a hook would run before what it needs is there */}}
{{- define "saccade.firstMigrationIsPlain" -}}
{{- if and .Release.IsInstall (or .Values.inCluster.postgresql.enabled .Values.secrets.externalSecrets.enabled) }}true{{ end -}}
{{- end }}
