// All scenarios of the net.
import type { Scenario } from '../play.ts'
import { ofPromotions } from './promotions.ts'
import { ofRandom } from './random.ts'
import { ofReview } from './review.ts'
import { ofSeeds } from './seeds.ts'
import { ofSix } from './six.ts'

export const scenarios: readonly Scenario[] = [
  ...ofSeeds,
  ...ofSix,
  ...ofPromotions,
  ...ofRandom,
  ...ofReview
]
