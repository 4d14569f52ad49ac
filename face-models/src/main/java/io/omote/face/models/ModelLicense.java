// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import java.net.URI;
import java.util.Objects;

/**
 * The license of the weights of a pack. Immutable and thread-safe.
 *
 * @param name its name
 * @param url the address of its text
 * @param commercialUse whether it allows commercial use; if not, accept it before you fetch or use
 *     the pack
 * @param attribution the names to credit
 */
public record ModelLicense(String name, URI url, boolean commercialUse, String attribution) {
  /**
   * Checks that no component is null.
   *
   * @param name its name
   * @param url the address of its text
   * @param commercialUse whether it allows commercial use; if not, accept it before you fetch or
   *     use the pack
   * @param attribution the names to credit
   * @throws NullPointerException if a component is null
   */
  public ModelLicense {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(attribution, "attribution");
  }
}
