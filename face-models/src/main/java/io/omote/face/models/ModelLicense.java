// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import java.net.URI;
import java.util.Objects;

/**
 * The license that the weights of a pack come under. Immutable and thread-safe.
 *
 * @param name its name
 * @param url where it stands
 * @param commercialUse whether it allows commercial use; one that does not must be accepted before
 *     the pack is fetched or used
 * @param attribution who must be named
 */
public record ModelLicense(String name, URI url, boolean commercialUse, String attribution) {
  /**
   * Checks that the parts are not null.
   *
   * @param name its name
   * @param url where it stands
   * @param commercialUse whether it allows commercial use; one that does not must be accepted
   *     before the pack is fetched or used
   * @param attribution who must be named
   * @throws NullPointerException if one is
   */
  public ModelLicense {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(attribution, "attribution");
  }
}
