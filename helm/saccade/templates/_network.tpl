{{/* egress to a part: (dict "root" $ "inCluster" "postgresql" or "" "port" 5432 "to" peers) */}}
{{- define "saccade.egress" -}}
- ports: [{protocol: TCP, port: {{ .port }}}]
  {{- if .inCluster }}
  to:
    - podSelector:
        matchLabels:
          {{- include "saccade.selector" .root | nindent 10 }}
          app.kubernetes.io/component: {{ .inCluster }}
  {{- else if .to }}
  to: {{- toYaml .to | nindent 4 }}
  {{- end }}
{{- end }}

{{- define "saccade.databaseEgress" -}}
{{ include "saccade.egress" (dict "root" . "inCluster" (ternary "postgresql" "" .Values.inCluster.postgresql.enabled) "port" (int .Values.database.port) "to" .Values.networkPolicy.databaseTo) }}
{{- end }}

{{- define "saccade.brokerEgress" -}}
{{ include "saccade.egress" (dict "root" . "inCluster" (ternary "rabbitmq" "" .Values.inCluster.rabbitmq.enabled) "port" (int .Values.broker.port) "to" .Values.networkPolicy.brokerTo) }}
{{- end }}

{{- define "saccade.storeEgress" -}}
{{ include "saccade.egress" (dict "root" . "inCluster" (ternary "minio" "" .Values.inCluster.minio.enabled) "port" (include "saccade.storePort" .) "to" .Values.networkPolicy.storeTo) }}
{{- end }}

{{/* to the internet without private networks: (dict "root" $ "ports" list) */}}
{{- define "saccade.internetEgress" -}}
- ports:
    {{- range .ports }}
    - {protocol: TCP, port: {{ int . }}}
    {{- end }}
  to:
    - ipBlock:
        cidr: 0.0.0.0/0
        except: {{- toYaml .root.Values.networkPolicy.internetExcept | nindent 10 }}
{{- end }}

{{/* (dict "root" $ "component" "api" "name" suffix) opens a policy for one component */}}
{{- define "saccade.policyStart" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "saccade.name" .root }}-{{ .component }}
  labels: {{- include "saccade.labels" (dict "root" .root "component" .component) | nindent 4 }}
{{- end }}

{{- define "saccade.policySelector" -}}
podSelector:
  matchLabels:
    {{- include "saccade.selector" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "saccade.tracingEgress" -}}
{{- with .Values.tracing.endpoint -}}
{{- $url := urlParse . -}}
- ports: [{protocol: TCP, port: {{ regexFind ":[0-9]+$" $url.host | trimPrefix ":" | default (ternary "443" "80" (eq $url.scheme "https")) }}}]
{{- end -}}
{{- end }}
