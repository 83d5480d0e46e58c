//JAVA 25+
//DEPS dev.saccade:gpu-runtime:0.1.0-SNAPSHOT
//RUNTIME_OPTIONS --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow

import dev.saccade.runtime.*;

void main() {
    Path clip = Path.of("gpu-runtime/demo-clips/driving/clips/driving_001.mp4");
    try (Engine engine = Engine.open(Path.of("gpu-runtime/demo-model"))) {
        GenerationRequest request = GenerationRequest.about(clip, "Is it safe to turn right?");
        GenerationResult result = engine.generate(request.withSampling(SamplingParameters.greedy()));
        IO.println(result.reasoning());
        IO.println(result.answer());
    }
}
