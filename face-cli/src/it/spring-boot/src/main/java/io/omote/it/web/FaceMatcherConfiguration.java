// SPDX-License-Identifier: Apache-2.0
package io.omote.it.web;

import io.omote.face.FaceMatcher;
import io.omote.face.ImageOptions;
import io.omote.face.models.ModelZoo;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Opens one matcher for all requests; Spring closes it when the application ends. */
@Configuration
class FaceMatcherConfiguration {
  @Bean
  FaceMatcher faceMatcher(
      @Value("${omote.max-concurrent-calls}") int maxConcurrentCalls,
      @Value("${omote.max-wait}") Duration maxWait) {
    return FaceMatcher.builder(ModelZoo.lite())
        .imageOptions(ImageOptions.defaults().withMaxBytes(10_000_000).withMaxPixels(12_000_000))
        .maxConcurrentCalls(maxConcurrentCalls)
        .maxWait(maxWait)
        .warmUp(true)
        .build();
  }
}
