// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.models;

import io.omote.face.models.ModelZoo;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Model ids as people read them: with the name of the pack, as in {@code lite
 * (fr_feature:87aacdfe5751)}. What programs read has the plain id. Stateless and thread-safe.
 */
public final class ModelNames {
  /** An id as files give it, without a folder, which is the only kind that belongs to a pack. */
  private static final Pattern ID = Pattern.compile("(?<![\\w./-])[\\w.-]+:[0-9a-f]{12}(?!\\w)");

  private static final String DEFAULT = "lite";

  private ModelNames() {}

  /**
   * Returns an id with the names of its packs; the id alone if it belongs to none. What belongs to
   * the default pack has only its name, although lite-fast has the same recognizer.
   */
  public static String of(String modelId) {
    List<String> packs = ModelZoo.packsOf(modelId);
    if (packs.isEmpty()) {
      return modelId;
    }
    String names = packs.contains(DEFAULT) ? DEFAULT : String.join(" or ", packs);
    return String.format(Locale.ROOT, "%s (%s)", names, modelId);
  }

  /** Returns a text with {@link #of} in place of each id that does not have its packs yet. */
  public static String inText(String text) {
    Matcher ids = ID.matcher(text);
    return ids.replaceAll(
        id -> Matcher.quoteReplacement(isNamed(text, id) ? id.group() : of(id.group())));
  }

  private static boolean isNamed(String text, MatchResult id) {
    String named = of(id.group());
    return text.startsWith(named, id.start() - named.indexOf(id.group()));
  }
}
