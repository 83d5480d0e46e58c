{{/* PodSecurity "restricted"; null users are left to the platform */}}
{{- define "saccade.podSecurity" -}}
runAsNonRoot: true
{{- with .Values.security.runAsUser }}
runAsUser: {{ int . }}
{{- end }}
{{- with .Values.security.runAsGroup }}
runAsGroup: {{ int . }}
{{- end }}
{{- with .Values.security.fsGroup }}
fsGroup: {{ int . }}
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "saccade.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: {drop: [ALL]}
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "saccade.podStart" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.images.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext: {{- include "saccade.podSecurity" . | nindent 2 }}
{{- end }}

{{/* what the scheduler is told: (dict "from" values of api or worker) */}}
{{- define "saccade.placement" -}}
{{- with .from.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .from.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .from.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .from.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* metadata of a pod: (dict "root" $ "component" "api" "from" values) */}}
{{- define "saccade.podMetadata" -}}
labels:
  {{- include "saccade.labels" (dict "root" .root "component" .component) | nindent 2 }}
  {{- with .from.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .from.podAnnotations }}
annotations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "saccade.apiPriority" -}}
{{- if .Values.api.priorityClassName }}{{ .Values.api.priorityClassName }}{{ else if .Values.priorityClasses.create }}{{ .Release.Namespace }}-{{ include "saccade.name" . }}-api{{ end -}}
{{- end }}

{{/* of (dict "root" $ "worker" values of the group) */}}
{{- define "saccade.workerPriority" -}}
{{- if .worker.priorityClassName }}{{ .worker.priorityClassName }}{{ else if .root.Values.priorityClasses.create }}{{ .root.Release.Namespace }}-{{ include "saccade.name" .root }}-worker{{ end -}}
{{- end }}
