// Ends the subscriptions of those who may not listen any more: AppSync holds the argument against the filters that
// subscribe.js has set, and disconnects whom it matches.
import { extensions, util } from '@aws-appsync/utils';

const SUBSCRIPTIONS = {
  disconnectListeners: 'onGoalProgress',
  disconnectProjectListeners: 'onProjectChanged',
  disconnectWorklistListeners: 'onWorklistChanged',
};

export function request(ctx) {
  // As in publish.js: the schema lets only roles to this field, and so does this.
  if (!ctx.identity || !ctx.identity.userArn) {
    util.unauthorized();
  }
  return { payload: ctx.args.whom };
}

export function response(ctx) {
  const subscriptionField = SUBSCRIPTIONS[ctx.info.fieldName];
  extensions.invalidateSubscriptions({ subscriptionField, payload: ctx.args.whom });
  return true;
}
