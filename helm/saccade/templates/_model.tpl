{{- define "saccade.workerImage" -}}
{{- if eq .worker.device "cuda" }}{{ include "saccade.image" (dict "root" .root "image" .root.Values.images.workerCuda "at" "images.workerCuda") }}
{{- else }}{{ include "saccade.image" (dict "root" .root "image" .root.Values.images.workerCpu "at" "images.workerCpu") }}{{ end -}}
{{- end }}

{{/* any worker's image has the program; the smaller one is taken where it is named */}}
{{- define "saccade.modelImage" -}}
{{- include "saccade.workerImage" (dict "root" . "worker" (dict "device" (ternary "cpu" "cuda" (not (empty .Values.images.workerCpu.repository))))) -}}
{{- end }}

{{- define "saccade.modelCommand" -}}
- /opt/java/bin/java
- -XX:MaxRAMPercentage=50
- -cp
- /opt/saccade/classpath/*:/opt/saccade/libs/*
- dev.saccade.worker.checkpoint.ProvideModel
- {{ .do }}
{{- end }}

{{- define "saccade.modelEnvironment" -}}
- {name: SACCADE_MODEL_FOLDER, value: /models/{{ include "saccade.modelFolder" . }}}
- {name: SACCADE_MODEL_CHECKSUMS, value: /checksums/SHA256SUMS}
{{- if ne .Values.model.source.kind "existing" }}
- {name: SACCADE_MODEL_SOURCE, value: {{ .Values.model.source.url | quote }}}
{{- end }}
{{- end }}

{{- define "saccade.modelChecksums" -}}
{{- range $file, $digest := .Values.model.checksums }}
{{ $digest }}  {{ $file }}
{{- end }}
{{- end }}
