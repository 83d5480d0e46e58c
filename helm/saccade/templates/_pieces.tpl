{{- define "saccade.image" -}}
{{ required "set image.repository: there is no published image yet (helm/README.md)" .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "saccade.labels" -}}
app.kubernetes.io/name: saccade
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}

{{- define "saccade.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "saccade.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "saccade.java" -}}
- java
- --add-modules=jdk.incubator.vector
- --enable-native-access=ALL-UNNAMED
- --sun-misc-unsafe-memory-access=allow
- -XX:MaxRAMPercentage=60
- -XX:+ExitOnOutOfMemoryError
- -cp
- /opt/saccade/lib/*
{{- end }}

{{- define "saccade.databaseEnvironment" -}}
- name: SPRING_DATASOURCE_URL
  value: {{ .Values.database.url | quote }}
- name: SPRING_DATASOURCE_USERNAME
  valueFrom: {secretKeyRef: {name: {{ .Values.database.secret }}, key: username}}
- name: SPRING_DATASOURCE_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ .Values.database.secret }}, key: password}}
{{- end }}

{{- define "saccade.environment" -}}
{{ include "saccade.databaseEnvironment" . }}
- name: SPRING_RABBITMQ_ADDRESSES
  value: {{ .Values.broker.addresses | quote }}
- name: SPRING_RABBITMQ_USERNAME
  valueFrom: {secretKeyRef: {name: {{ .Values.broker.secret }}, key: username}}
- name: SPRING_RABBITMQ_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ .Values.broker.secret }}, key: password}}
- name: SACCADE_BROKER_KIND
  value: rabbitmq
- name: SACCADE_STORE_ENDPOINT
  value: {{ .Values.store.endpoint | quote }}
- name: SACCADE_STORE_BUCKET
  value: {{ .Values.store.bucket | quote }}
- name: SACCADE_STORE_ACCESS_KEY
  valueFrom: {secretKeyRef: {name: {{ .Values.store.secret }}, key: access-key}}
- name: SACCADE_STORE_SECRET_KEY
  valueFrom: {secretKeyRef: {name: {{ .Values.store.secret }}, key: secret-key}}
{{- end }}

{{- define "saccade.probes" -}}
startupProbe:
  httpGet: {path: /actuator/health/readiness, port: http}
  failureThreshold: 120
  periodSeconds: 5
readinessProbe:
  httpGet: {path: /actuator/health/readiness, port: http}
livenessProbe:
  httpGet: {path: /actuator/health/liveness, port: http}
{{- end }}
