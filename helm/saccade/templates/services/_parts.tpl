{{/* what the in-cluster database, broker and store have in common */}}
{{- define "saccade.partService" -}}
{{- $root := .root -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "saccade.name" .root }}-{{ .component }}
  labels: {{- include "saccade.labels" (dict "root" .root "component" .component) | nindent 4 }}
spec:
  clusterIP: None
  selector:
    {{- include "saccade.selector" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .component }}
  ports:
    {{- range $name, $port := .ports }}
    - {name: {{ $name }}, port: {{ $port }}, targetPort: {{ $name }}}
    {{- end }}
{{- if .root.Values.networkPolicy.enabled }}
---
{{ include "saccade.policyStart" (dict "root" .root "component" .component) }}
spec:
  {{- include "saccade.policySelector" (dict "root" .root "component" .component) | nindent 2 }}
  policyTypes: [Ingress, Egress]
  egress: []
  ingress:
    - ports:
        {{- range $_, $port := .ports }}
        - {protocol: TCP, port: {{ $port }}}
        {{- end }}
      from:
        - podSelector:
            matchLabels: {{- include "saccade.selector" .root | nindent 14 }}
            matchExpressions: [{key: app.kubernetes.io/component, operator: In, values: [api, worker, migrations, model]}]
        {{- with .root.Values.networkPolicy.autoscalerFrom }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
{{- end }}
{{- end }}

{{/* (dict "root" $ "component" name "part" values): up to the pod's containers */}}
{{- define "saccade.partSpec" -}}
serviceName: {{ include "saccade.name" .root }}-{{ .component }}
replicas: 1
selector:
  matchLabels:
    {{- include "saccade.selector" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .component }}
template:
  metadata: {{- include "saccade.podMetadata" (dict "root" .root "component" .component "from" dict) | nindent 4 }}
  spec:
    automountServiceAccountToken: false
    enableServiceLinks: false
    terminationGracePeriodSeconds: 120
    securityContext:
      runAsNonRoot: true
      {{- if .root.Values.security.runAsUser }}
      runAsUser: {{ int .part.runAs }}
      runAsGroup: {{ int .part.runAs }}
      {{- end }}
      {{- if .root.Values.security.fsGroup }}
      fsGroup: {{ int .part.runAs }}
      fsGroupChangePolicy: OnRootMismatch
      {{- end }}
      seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "saccade.partClaim" -}}
volumeClaimTemplates:
  - metadata: {name: data}
    spec:
      accessModes: [ReadWriteOnce]
      {{- with .storage.className }}
      storageClassName: {{ . }}
      {{- end }}
      resources: {requests: {storage: {{ .storage.size }}}}
{{- end }}
